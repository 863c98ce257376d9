using System.Text;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>Processes of a test that are still there: their command line, folder or variables name its temporary folder.</summary>
internal static class Survivors
{
    private static readonly TimeSpan KernelsTime = TimeSpan.FromSeconds(1);

    /// <summary>Fails where a process is left.</summary>
    public static void AssertNone(string marker)
    {
        var until = Environment.TickCount64 + (long)KernelsTime.TotalMilliseconds;
        var left = Find(marker);
        while (left.Count > 0 && Environment.TickCount64 < until)
        {
            Thread.Sleep(20);
            left = Find(marker);
        }

        Assert.True(left.Count == 0, $"processes are left: {string.Join("; ", left.Select(one => $"{one.Id} {one.Command}"))}");
    }

    /// <summary>Finds processes by the marker and a part of their command line.</summary>
    public static IReadOnlyList<(int Id, string Command)> Find(string marker, string command = "")
    {
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId)
            {
                var line = Read(folder, "cmdline");
                if (line.Contains(command, StringComparison.Ordinal)
                    && (line.Contains(marker, StringComparison.Ordinal)
                        || Link(folder, "cwd").Contains(marker, StringComparison.Ordinal)
                        || Read(folder, "environ").Contains(marker, StringComparison.Ordinal)))
                {
                    found.Add((id, line.Replace('\0', ' ').Trim()));
                }
            }
        }

        return found;
    }

    private static string Read(string folder, string name)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, name)));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Link(string folder, string name)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(folder, name), false)?.FullName ?? "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
