namespace CtoHarness.Core.Attestation;

/// <summary>Which files of a bundle are read, and how large each may be; all others are only digested.</summary>
public static class BundleFiles
{
    /// <summary>The seal: the only file that is not one of its own subjects.</summary>
    public const string Seal = "attestation.sigstore.json";

    /// <summary>The most entries, files and folders together, that a bundle may have.</summary>
    public const int MostEntries = 60_000;

    /// <summary>The longest path within a bundle, in UTF-8 bytes.</summary>
    public const int LongestPath = 1024;

    /// <summary>The most bytes that are kept of all files together.</summary>
    public const long MostKept = 96 << 20;

    /// <summary>How much of that is left for what no backend has a hand in: events, contract, fixture, reports, seal.</summary>
    public const long KeptForTheHarness = 16 << 20;

    private const string Fixture = "fixture/";
    private const string FixtureFile = "fixture/fixture.yaml";
    private const string Instruction = "fixture/instruction.md";
    private const string Questions = "fixture/verify/";

    /// <summary>How many bytes of a file are kept for reading.</summary>
    /// <param name="path">Path within the bundle.</param>
    /// <returns>The bound, in bytes; 0 where the file is only digested.</returns>
    public static long MostBytes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path == Seal ? 64 << 20
            : path is FixtureFile or Instruction || path.StartsWith(Questions, StringComparison.Ordinal) ? 4 << 20
            : path.StartsWith(Fixture, StringComparison.Ordinal) ? 0
            : Name(path) switch
            {
                "report.json" or "report.md" or "events.normalized.jsonl" or "observations.jsonl" or "verification.jsonl" => 64 << 20,
                "after.tree" or "before.tree" or "fixture.tree" => 32 << 20,
                "contract.json" or "policy.json" or "engine.json" => 16 << 20,
                _ => 0,
            };
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
