using System.Globalization;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligation to leave protected roots as they are.</summary>
internal static class RootObligations
{
    private const int NamesInMessage = 10;

    /// <summary>Whether every root that has a path is as it was; null where one was not observed or not even looked for, or none has a path.</summary>
    internal static bool? Hold(RunEvidence evidence)
    {
        if (evidence.Roots is not { } roots)
        {
            return null;
        }

        var declared = roots.Where(root => root.State != RootState.NotDeclared).ToList();
        return declared.Exists(root => root.State == RootState.Changed) ? false
            : declared.Count > 0 && declared.TrueForAll(root => root.State == RootState.Unchanged && root.Before is not null && root.Before == root.After)
                && evidence.Identity.ProtectedRoots.All(named => named.Path.Length == 0 || declared.Exists(root => (root.Role, root.Path) == named)) ? true
            : null;
    }

    /// <summary>What was broken.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence) =>
        from root in evidence.Roots ?? []
        where root.State == RootState.Changed
        let changes = string.Join("; ", root.Changes.Take(NamesInMessage).Select(change => PlainText.Visible(change, 400)))
        let rest = root.ChangesTotal - Math.Min(NamesInMessage, root.Changes.Length)
        let more = rest > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {rest} more") : ""
        select new Blocker(
            BlockerCode.ProtectedRootChanged,
            $"the protected root {root.Role} {PlainText.Quote(root.Path)} is not what it was before the run{(changes.Length > 0 ? $": {changes}{more}" : "")}; whoever changed it meanwhile, nothing shows that it was not the backend",
            "report.json");

    /// <summary>What is noted of roots that were not observed. Whether that is enough is asked where all that was not observed is counted.</summary>
    internal static IEnumerable<Finding> Noted(RunEvidence evidence) =>
        from root in evidence.Roots ?? []
        where root.State == RootState.NotObserved
        group $"{root.Role} {PlainText.Quote(root.Path)}" by root.Trouble into roots
        select new Finding(
            "root-not-observed",
            $"nothing is proved of {string.Join(", ", roots.Take(NamesInMessage))}{(roots.Count() > NamesInMessage ? " and others" : "")}: {PlainText.Visible(roots.Key, 400)}",
            "report.json");
}
