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

    private const string NotSearched = "not searched to the end: the fixture's own folder was refused first";

    internal static Reached Take(RunSite site, Reached reached) => With(site, reached, TargetSearcher.Search(site, reached));

    /// <summary>Refuses, before anything of it is read or copied, a fixture that holds a target or something from elsewhere.</summary>
    /// <returns>What was reached, or null where nothing is wrong.</returns>
    internal static Reached? RefuseSource(RunSite site, Reached reached) => TargetSearcher.SearchSource(site) is { IsEmpty: false } found
        ? With(site, reached, new TargetSearch([NotSearched], [NotSearched], found, [NotSearched], [NotSearched]))
        : null;

    private static Reached With(RunSite site, Reached reached, TargetSearch search)
    {
        site.Events.Add(EventNames.TargetsSearched, json => EventJson.WriteSearched(json, reached.Identity.Targets, search));
        return search.All.Any()
            ? reached with { Targets = search, Refusals = [new Blocker(BlockerCode.TargetPathExposed, Message(reached.Identity.Targets, search), "report.json")] }
            : reached with { Targets = search };
    }

    private static string Message(int declared, TargetSearch search)
    {
        var all = search.All.Where(one => one.Found != NotSearched).ToList();
        var told = string.Join("; ", all.Take(MostTold).Select(one => $"{one.Surface}: {one.Found}"));
        var more = all.Count > MostTold ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Count - MostTold} more") : "";
        return declared > 0
            ? $"what the backend would be given leads to a declared target: {told}{more}; take it out, or declare another target"
            : $"what the backend would be given names places that the run has no business with: {told}{more}; take them out";
    }
}
