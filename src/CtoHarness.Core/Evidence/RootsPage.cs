using System.Globalization;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using static CtoHarness.Core.Evidence.MarkdownText;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes what report.md says of the protected roots.</summary>
internal static class RootsPage
{
    private const int MostChanges = 50;

    internal static void Write(StringBuilder page, RunEvidence evidence)
    {
        if (evidence.Lane.Kind != LaneKind.Subject || evidence.Identity.ProtectedRoots.IsEmpty)
        {
            return;
        }

        page.Append("## Protected roots\n\n| root | path | entries | what became of it |\n|---|---|---|---|\n");
        var roots = RootsJson.Of(evidence);
        foreach (var root in roots)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {Plain(root.Role)} | {(root.Path.Length > 0 ? CodeCell(root.Path) : "")} | {root.Entries?.ToString(CultureInfo.InvariantCulture) ?? ""} | {Outcome(root)} |\n");
        }

        page.Append('\n');
        foreach (var root in roots.Where(root => root.State == RootState.Changed))
        {
            WriteChanges(page, root);
        }
    }

    private static string Outcome(ProtectedRoot root) => root.State switch
    {
        RootState.Changed => string.Create(CultureInfo.InvariantCulture, $"**changed** ({root.ChangesTotal})"),
        RootState.Unchanged => root.Excluded.IsEmpty ? "unchanged" : $"unchanged, without {string.Join(' ', root.Excluded.Select(CodeCell))}",
        RootState.NotObserved => $"not observed: {Plain(root.Trouble)}",
        _ => "not declared",
    };

    private static void WriteChanges(StringBuilder page, ProtectedRoot root)
    {
        page.Append(CultureInfo.InvariantCulture, $"What changed in {Code(root.Path)}:\n\n");
        foreach (var change in root.Changes.Take(MostChanges))
        {
            page.Append("- ").Append(Plain(change)).Append('\n');
        }

        if (root.ChangesTotal - Math.Min(MostChanges, root.Changes.Length) is > 0 and var rest)
        {
            page.Append(CultureInfo.InvariantCulture, $"- … and {rest} more; the manifests in `roots/` name all\n");
        }

        page.Append('\n');
    }
}
