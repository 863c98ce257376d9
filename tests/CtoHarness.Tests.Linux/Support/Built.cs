namespace CtoHarness.Tests.Linux.Support;

/// <summary>Programs of the solution as they were built beside these tests.</summary>
internal static class Built
{
    /// <summary>Copies a program with all that it needs.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="folder">Where to; it must be there.</param>
    public static void Copy(string project, string folder)
    {
        var from = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, project, "release");
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
