using System.Globalization;
using CtoHarness.Confine;
using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Attacks that use the machine up.</summary>
internal static class ResourceAttacks
{
    private const long Terabyte = 1L << 40;
    private const long AddressSpace = 40L << 30;
    private const int Files = 3000;
    private const int Mebibytes = 60;
    private const int FloodMebibytes = 8;

    internal static IEnumerable<Attack> All { get; } =
    [
        new("sparse", "a file of a terabyte that takes up nothing", "limits", s => ["sparse", "sparse", Text(Terabyte)]) { Succeeded = s => s.SizeOf("sparse") == Terabyte, Gap = Gaps.Own, EndedBy = ended => ended.Error.Contains("File size limit exceeded", StringComparison.Ordinal) },
        new("address-space", "40 GB of address space", "limits", s => ["address-space", Text(AddressSpace), s.RollCall])
        {
            Look = process => RollCall.AddressSpace(process) >= AddressSpace >> 10, Succeeded = s => s.Seen, Gap = Gaps.Own,
        },
        new("memory-file", "300 MB of memory through /dev/shm", "a /dev/shm of its own, with a limit", s => ["fill-memory", "/dev/shm/" + s.Token, "300", s.RollCall])
        {
            Look = process => Directory.GetFiles($"/proc/{Text(process)}/root/dev/shm", "by-memory-file-*").Sum(file => new FileInfo(file).Length) >= 300 << 20, Succeeded = s => s.Seen, Gap = Gaps.Own,
        },
        new("fill", "fill the disk with files", "watch of the roots", s => ["fill", "full", Text(Mebibytes)])
        {
            Succeeded = s => s.Count("full*") == Mebibytes, EndedBy = IsOverLimit, Gap = Gaps.Own, Alone = (_, order) => order with { WatchedBytes = 16 << 20 },
        },
        new("many-files", "use the inodes up with empty files", "watch of the roots", s => ["many-files", Text(Files)])
        {
            Succeeded = s => s.Ended is { } ended ? !ended.Passed.Contains("entries", StringComparison.Ordinal) : s.Count("f*") >= Files,
            EndedBy = IsOverLimit,
            Gap = Gaps.Own,
            Alone = (_, order) => order with { WatchedBytes = 1L << 40, WatchedEntries = 500 },
        },
        new("flood", "print without end", "bounded streams", s => ["flood", Text(FloodMebibytes)])
        {
            Succeeded = s => s.Ended is { } ended ? ended.Output.Length >= FloodMebibytes << 20 || ended.Program.CutBytes == 0 : s.SizeOf("out") >= FloodMebibytes << 20,
            EndedBy = ended => ended.Program.CutBytes > 0,
            Gap = Gaps.Own,
            Alone = (_, order) => order,
            OutsideSuffix = "> out",
        },
    ];

    private static bool IsOverLimit(Ended ended) => ended.Program.End == EndKind.OverLimit;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
