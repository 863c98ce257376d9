using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to leave protected roots as they are.</summary>
internal static class RootObligations
{
    private const int NamesInMessage = 10;

    /// <summary>Whether every root that has a path is as it was; null where one was not observed, or none has a path.</summary>
    internal static bool? Hold(RunEvidence evidence)
    {
        if (evidence.Roots is not { } roots)
        {
            return null;
        }

        var declared = roots.Where(root => root.State != RootState.NotDeclared).ToList();
        return declared.Exists(root => root.State == RootState.Changed) ? false
            : declared.Count > 0 && declared.TrueForAll(root => root.State == RootState.Unchanged && root.Before is not null && root.Before == root.After) ? true
            : null;
    }

    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence) =>
        from root in evidence.Roots ?? []
        where root.State == RootState.Changed
        let changes = string.Join(", ", root.Changes.Take(NamesInMessage).Select(change => PlainText.Visible(change, 200)))
        select new Blocker(
            BlockerCode.ProtectedRootChanged,
            $"the protected root {root.Role} {PlainText.Quote(root.Path)} is not what it was before the run{(changes.Length > 0 ? $": {changes}" : "")}; whoever changed it meanwhile, nothing shows that it was not the backend",
            "report.json");
}
