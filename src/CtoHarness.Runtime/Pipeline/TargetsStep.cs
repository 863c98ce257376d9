using System.Globalization;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Observation;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Searches what the backend would be given for declared targets, and refuses the start where anything leads to one.</summary>
internal static class TargetsStep
{
    private const int MostTold = 5;

    internal static Reached Take(RunSite site, Reached reached)
    {
        var search = TargetSearcher.Search(site, reached);
        site.Events.Add(EventNames.TargetsSearched, json =>
        {
            json.WriteNumber("targets_declared", reached.Identity.Targets);
            TargetsJson.WriteSurfaces(json, search);
        });
        return search.All.Any()
            ? reached with { Targets = search, Refusals = [new Blocker(BlockerCode.TargetPathExposed, Message(reached.Identity.Targets, search), "report.json")] }
            : reached with { Targets = search };
    }

    private static string Message(int declared, TargetSearch search)
    {
        var all = search.All.ToList();
        var told = string.Join("; ", all.Take(MostTold).Select(one => $"{one.Surface}: {one.Found}"));
        var more = all.Count > MostTold ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Count - MostTold} more") : "";
        return declared > 0
            ? $"what the backend would be given leads to a declared target: {told}{more}; take it out, or declare another target"
            : $"what the backend would be given names places that the run has no business with: {told}{more}; take them out";
    }
}
