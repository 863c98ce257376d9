using System.Collections.Immutable;

namespace CtoHarness.Runtime.Hosts;

/// <summary>Says which stages a machine allows, by what was seen of it.</summary>
internal static class HostStages
{
    /// <summary>The first stage on which a backend is started.</summary>
    internal const int Backends = 2;

    /// <summary>Decides on each stage.</summary>
    /// <param name="rows">What was seen.</param>
    /// <param name="selfTest">The sandbox that was tried; null where it could not be.</param>
    internal static ImmutableArray<StageRow> Of(IReadOnlyCollection<HostRow> rows, HostSelfTest? selfTest)
    {
        var missing = rows.Where(row => row is { IsNeeded: true, IsOk: false }).Select(row => row.Name).ToList();
        var wrong = selfTest?.Checks.Where(check => !check.Passed).Select(check => check.Name).ToList() ?? [];
        var reason =
            missing.Count > 0 ? $"missing: {string.Join(", ", missing)}"
            : selfTest is null ? "no sandbox could be tried"
            : !selfTest.CameUp ? "the sandbox of the self-test did not come up"
            : wrong.Count > 0 ? $"the self-test did not come out exactly: {string.Join(", ", wrong)}"
            : !selfTest.IsExact ? "the self-test did not come out exactly"
            : "";
        return
        [
            new StageRow(1, "checks without starting a backend", true, "it needs this program alone"),
            new StageRow(Backends, "a backend on a copied artificial case", reason.Length == 0, reason.Length == 0 ? "every layer is there, and the self-test came out exactly" : reason),
            new StageRow(3, "a backend on a copied real repository", false, "this version has no such stage"),
            new StageRow(4, "a patch for a target repository", false, "this version has no such stage"),
        ];
    }
}
