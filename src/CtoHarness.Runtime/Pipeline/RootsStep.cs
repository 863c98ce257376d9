using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Roots;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Digests the protected roots before the backend is started, and again when no code of it runs any more.</summary>
internal static class RootsStep
{
    private const int MostChanges = 200;
    private const string Folder = "roots";

    /// <summary>Digests them before the start.</summary>
    internal static Reached Before(RunSite site, Reached reached)
    {
        Directory.CreateDirectory(Scratch(site), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var looks = Look(site, reached, "before");
        return reached with { RootsBefore = looks };
    }

    /// <summary>Digests them again and compares.</summary>
    internal static Reached After(RunSite site, Reached reached)
    {
        var plans = Plans(site, reached);
        var looks = Look(site, reached, "after");
        return reached with
        {
            Roots = [.. plans.Select((plan, number) => Compare(site, plan, number, reached.RootsBefore!.Value[number], looks[number]))],
        };
    }

    /// <summary>The same for a run that broke off after the roots had been digested: nothing of it runs any more.</summary>
    internal static Reached AfterBreak(RunSite site, Reached reached)
    {
        if (reached.RootsBefore is not { } before || reached.Roots is not null)
        {
            return reached;
        }

        try
        {
            site.Interrupt.ThrowIfCancellationRequested();
            return After(site, reached);
        }
        catch (OperationCanceledException)
        {
            return reached with { Roots = [.. Plans(site, reached).Zip(before, Ended)] };
        }
    }

    private static ProtectedRoot Ended(RootPlan plan, RootLook before) =>
        Of(plan, before) is { State: RootState.NotObserved } root ? root with { Trouble = "a signal ended the run before it was digested again" } : Of(plan, before);

    private static ImmutableArray<RootPlan> Plans(RunSite site, Reached reached) =>
        [.. reached.Identity.ProtectedRoots.Select(root => RootPlan.Of(root.Role, root.Path, site.Request.Folders))];

    private static ImmutableArray<RootLook> Look(RunSite site, Reached reached, string moment)
    {
        var plans = Plans(site, reached);
        var bounds = RootBounds.Of(site.Request.Policy);
        ImmutableArray<RootLook> looks =
        [
            .. plans.Select((plan, number) => plan.Path.Length == 0
                ? new RootLook(null, null, "")
                : RootDigester.Look(plan, Manifest(site, number, moment), bounds, site.Interrupt)),
        ];
        site.Events.Add(EventNames.RootsDigested, json =>
        {
            json.WriteString("moment", moment);
            json.WriteStartArray("roots");
            foreach (var (plan, look) in plans.Zip(looks).Where(one => one.First.Path.Length > 0))
            {
                json.WriteStartObject();
                json.WriteString("role", plan.Role);
                json.WriteString("path", plan.Path);
                json.WriteObserved("entries", look.Entries);
                json.WriteString("digest", look.Digest?.ToString());
                json.WriteString("trouble", look.Trouble);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return looks;
    }

    private static ProtectedRoot Compare(RunSite site, RootPlan plan, int number, RootLook before, RootLook after)
    {
        var root = Of(plan, before) with { After = after.Digest };
        if (plan.Path.Length == 0 || before.Digest is null)
        {
            return root;
        }

        if (after.Digest is null)
        {
            return root with { Trouble = $"after the run: {after.Trouble}" };
        }

        if (before.Digest == after.Digest)
        {
            return root with { State = RootState.Unchanged, Trouble = "" };
        }

        var (was, stands) = (Manifest(site, number, "before"), Manifest(site, number, "after"));
        try
        {
            var comparison = ManifestComparison.Between(FileRun.Entries(was), FileRun.Entries(stands), MostChanges);
            return root with
            {
                State = RootState.Changed,
                Changes = comparison.Lines,
                ChangesTotal = comparison.Total,
                Manifests = [Keep(site, was, Name(plan, number, "before")), Keep(site, stands, Name(plan, number, "after"))],
                Trouble = "",
            };
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            return root with { State = RootState.Changed, Trouble = $"what changed could not be told: {lost.Message}" };
        }
    }

    // Until both digests are there it is not observed.
    private static ProtectedRoot Of(RootPlan plan, RootLook before) => new(
        plan.Role, plan.Path, plan.Path.Length == 0 ? RootState.NotDeclared : RootState.NotObserved, before.Entries, before.Digest, null, [],
        before.Trouble.Length > 0 ? $"before the run: {before.Trouble}" : "")
    {
        Excluded = plan.Path.Length == 0 ? [] : plan.Excluded,
        Names = plan.Path.Length == 0 ? [] : plan.Names,
    };

    // Only manifests that differ are evidence: of equal ones the digest says all.
    private static string Keep(RunSite site, string manifest, string name)
    {
        Directory.CreateDirectory(site.Bundle.PathOf(Folder));
        using var kept = site.Bundle.Create(name);
        using var file = File.OpenRead(manifest);
        file.CopyTo(kept);
        return name;
    }

    private static string Name(RootPlan plan, int number, string moment) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}/{number + 1:d2}-{plan.Role}.{moment}.manifest");

    private static string Scratch(RunSite site) => Path.Combine(site.Folders.Top, Folder);

    private static string Manifest(RunSite site, int number, string moment) =>
        Path.Combine(Scratch(site), string.Create(CultureInfo.InvariantCulture, $"{number}.{moment}"));
}
