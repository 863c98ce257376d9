using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>What no record holds, in the words in which every record says so.</summary>
internal static class Gaps
{
    internal static readonly string Looks = Find("stat, access");
    internal static readonly string Held = Find("read, write, ftruncate");
    internal static readonly string Race = Find("a path that another thread");
    internal static readonly string Refused = Find("calls that the filter refuses");
    internal static readonly string Own = Find("what is the sandbox's own");
    internal static readonly string Processes = Find("signals and other calls on processes");
    internal static readonly string Reads = Find("reads of what is neither hidden");

    private static string Find(string start) => ObservedCalls.NotCovered.Single(gap => gap.StartsWith(start, StringComparison.Ordinal));
}
