namespace CtoHarness.Tests.Linux.Support;

/// <summary>Every program that a call starts, as the kernel saw it.</summary>
internal static class Strace
{
    /// <summary>Puts strace around a call.</summary>
    public static HarnessCommand Traced(this HarnessCommand command) =>
        command.Under("/usr/bin/strace", "-f", "-s", "4096", "-e", "trace=execve,execveat", "-o", command.Root.At("trace"));

    /// <summary>The programs that were started or tried, each with its arguments.</summary>
    public static IReadOnlyList<string> Programs(TempRoot root) =>
        [.. File.ReadLines(root.At("trace")).Where(line => line.Contains("execve", StringComparison.Ordinal))];

    /// <summary>Whether a line of the trace is the start of this file. strace pads short process ids with spaces.</summary>
    public static bool Starts(string line, string file) =>
        line.TrimStart("0123456789".ToCharArray()).TrimStart().StartsWith($"execve(\"{file}\"", StringComparison.Ordinal);
}
