using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;

namespace CtoHarness.Runtime.Storage;

/// <summary>One thing that is mounted on this machine.</summary>
/// <param name="Device">The device, as the kernel numbers it.</param>
/// <param name="Root">The folder of that device's file system which is shown.</param>
/// <param name="Place">Where it is shown.</param>
internal sealed record MountLine(string Device, string Root, string Place);

/// <summary>What is mounted on this machine.</summary>
internal static class MountTable
{
    private const int MostBytes = 16 << 20;

    /// <summary>Reads the kernel's table, in its order: what comes later may hide what came before.</summary>
    internal static ImmutableArray<MountLine> Read()
    {
        using var file = File.OpenRead("/proc/self/mountinfo");
        var buffer = new byte[65_536];
        using var text = new MemoryStream();
        for (int read; text.Length < MostBytes && (read = file.Read(buffer)) > 0;)
        {
            text.Write(buffer, 0, read);
        }

        return Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }

    /// <summary>Reads such a table.</summary>
    internal static ImmutableArray<MountLine> Parse(string text) =>
    [
        .. text.Split('\n').Select(line => line.Split(' ')).Where(words => words.Length > 5)
            .Select(words => new MountLine(words[2], Plain(words[3]), Plain(words[4]))),
    ];

    // Blanks and backslashes are written as octal numbers.
    private static string Plain(string word) =>
        word.Contains('\\', StringComparison.Ordinal)
            ? word.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
                .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal)
            : word;

    /// <summary>The mount that shows a path: the last one around it that is not around a deeper one.</summary>
    internal static MountLine? Of(ImmutableArray<MountLine> mounts, string path) =>
        mounts.Reverse().Where(mount => PathPlaces.IsAt(path, mount.Place)).MaxBy(mount => mount.Place.Length);
}
