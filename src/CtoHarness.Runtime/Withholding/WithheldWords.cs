using System.Collections.Immutable;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Pipeline;

namespace CtoHarness.Runtime.Withholding;

/// <summary>Takes withheld values out of the texts that a run has gathered, before events and report are made of them.</summary>
internal static class WithheldWords
{
    /// <summary>Tells of the files in which values were replaced; where there are none, nothing is told.</summary>
    internal static void Record(RunSite site)
    {
        var files = site.Bundle.Replaced;
        if (!files.IsEmpty)
        {
            site.Events.Add(EventNames.ValuesReplaced, json => WithheldJson.WriteReplaced(json, files));
        }
    }

    /// <summary>What other lanes are told of the subject's checks, as its events tell it.</summary>
    internal static ImmutableArray<PreflightCheck> Without(ImmutableArray<PreflightCheck> checks, ValueSearch withheld) =>
        withheld.IsEmpty ? checks : [.. checks.Select(one => one with { Detail = withheld.Redact(one.Detail) })];
}
