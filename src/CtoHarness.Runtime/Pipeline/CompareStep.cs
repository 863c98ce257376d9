using System.Collections.Immutable;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Runs the other lanes of a run, two at a time: the fake engine's baseline, and controls whose verdict is known beforehand.</summary>
internal static class CompareStep
{
    internal static Reached Take(RunSite site, Reached reached)
    {
        var lanes = Lanes(site, reached);
        var outcomes = new LaneOutcome[lanes.Length];
        Together.Each(lanes.Length, number => outcomes[number] = LaneRun.Make(site, reached, lanes[number]));
        site.Interrupt.ThrowIfCancellationRequested();
        return reached with
        {
            Others = new OtherLanes(
                lanes.Zip(outcomes).Where(one => one.First.Lane.Kind == LaneKind.Baseline).Select(one => one.Second).SingleOrDefault(),
                [.. lanes.Zip(outcomes).Where(one => one.First.Wanted is not null).Select(one => new ControlOutcome(one.Second, one.First.Cheat?.Name ?? "", one.First.Wanted!))],
                site.Request.Controls == ControlChoice.None),
        };
    }

    private static ImmutableArray<LanePlan> Lanes(RunSite site, Reached reached)
    {
        var cheats = reached.Fixture!.Cheats!;
        IEnumerable<LanePlan> baseline = site.Request.Engine.IsFake ? [] : [Baseline(site)];
        IEnumerable<LanePlan> controls = site.Request.Controls switch
        {
            ControlChoice.None => [],
            ControlChoice.Usual => [Noop(), Of(Lane.Cheat, cheats.Control)],
            _ => [Noop(), .. cheats.All.Select(cheat => Of(new Lane(LaneKind.Control, $"{Lane.Cheat.Name}-{cheat.Name}"), cheat))],
        };
        return [.. baseline, .. controls];
    }

    private static LanePlan Baseline(RunSite site) =>
        site.Request.Root.Engine(EngineManifest.Fake) is Core.Problems.Parsed<EngineManifest>.Value { Result: var fake }
            ? new LanePlan(Lane.Baseline, fake, EngineProgram.Find(fake, site.Request.Root.EnginesFolder, site.Request.Environment), null, null)
            : throw new IOException("engines/fake.yaml, which every run needs for its baseline, is not sound; 'cto-harness engines' tells why");

    private static LanePlan Noop() => new(Lane.Noop, LanePlan.Control(Lane.Noop), null, null, BlockerCode.NoDiff);

    private static LanePlan Of(Lane lane, Cheat cheat) => new(lane, LanePlan.Control(lane), null, cheat, cheat.Breach);
}

/// <summary>A lane besides the subject's.</summary>
/// <param name="Lane">Which lane.</param>
/// <param name="Engine">The manifest of what acts in it.</param>
/// <param name="Program">The engine's program; null where the harness itself acts.</param>
/// <param name="Cheat">The cheat that is made; null where none is.</param>
/// <param name="Wanted">The blocker that it must give; null for the baseline.</param>
internal sealed record LanePlan(Lane Lane, EngineManifest Engine, EngineProgram? Program, Cheat? Cheat, BlockerCode? Wanted)
{
    /// <summary>The manifest of a control: a stand-in that calls no model.</summary>
    internal static EngineManifest Control(Lane lane) => new(lane.Name, EngineManifest.Scripted, "A control of the harness", "", "", "", "", null, []);
}
