using System.Collections.Immutable;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Pipeline;

namespace CtoHarness.Runtime.Withholding;

/// <summary>Takes withheld values out of the texts that a run has gathered, before events and report are made of them.</summary>
internal static class WithheldWords
{
    /// <summary>Records as an event where values were replaced.</summary>
    internal static ImmutableArray<ReplacedValues> Record(RunSite site)
    {
        var files = site.Bundle.Replaced;
        if (!files.IsEmpty)
        {
            site.Events.Add(EventNames.ValuesReplaced, json => WithheldJson.WriteReplaced(json, files));
        }

        return files;
    }

    /// <summary>Takes them out of every text that a backend or the machine may have had a part in.</summary>
    internal static Reached Without(Reached reached, ValueSearch withheld) => withheld.IsEmpty ? reached : reached with
    {
        Refusals = [.. reached.Refusals.Select(one => new Blocker(one.Code, withheld.Redact(one.Message), one.Evidence))],
        Preflight = [.. reached.Preflight.Select(one => one with { Detail = withheld.Redact(one.Detail) })],
        SelfTest = reached.SelfTest is { } tried ? [.. tried.Select(one => one with { Detail = withheld.Redact(one.Detail) })] : null,
        Workspace = reached.Workspace is { } workspace ? workspace with { Refusal = withheld.Redact(workspace.Refusal) } : null,
        Verification = reached.Verification is { } verified
            ? verified with { Shortfall = withheld.Redact(verified.Shortfall), Trouble = withheld.Redact(verified.Trouble) } : null,
        Persistence = reached.Persistence is { } left
            ? left with
            {
                Found = [.. left.Found.Select(one => one with { Path = withheld.Redact(one.Path), Detail = withheld.Redact(one.Detail) })],
                Refusal = withheld.Redact(left.Refusal),
            } : null,
        Roots = reached.Roots is { } roots
            ? [.. roots.Select(root => root with { Changes = [.. root.Changes.Select(withheld.Redact)], Trouble = withheld.Redact(root.Trouble) })] : null,
        Calls = reached.Calls is { } calls ? calls with { Trouble = withheld.Redact(calls.Trouble) } : null,
        Trouble = reached.Trouble is { } trouble ? new RunTrouble(trouble.Code, withheld.Redact(trouble.Message)) : null,
        LimitPassed = withheld.Redact(reached.LimitPassed),
    };
}
