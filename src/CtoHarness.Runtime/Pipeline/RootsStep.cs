using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Roots;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Digests the protected roots before the backend is started, and again when no code of it runs any more.</summary>
internal static class RootsStep
{
    private const int MostChanges = 200;
    private const string Folder = "roots";
    private const string FirstTime = "before";
    private const string SecondTime = "after";

    /// <summary>Prepares the lanes and digests the roots meanwhile: nothing of a backend runs yet, and no root is written to.</summary>
    internal static Reached BesidePrepare(RunSite site, Reached reached)
    {
        var (looks, prepared) = Together.Run(() => Look(site, reached, FirstTime), () => PrepareStep.Take(site, reached));
        return prepared with { RootsBefore = looks };
    }

    /// <summary>Digests them again and compares.</summary>
    internal static Reached After(RunSite site, Reached reached)
    {
        var looks = Look(site, reached, SecondTime);
        ImmutableArray<ProtectedRoot> roots =
            [.. Plans(site, reached).Select((plan, number) => Compare(site, plan, number, reached.RootsBefore!.Value[number], looks[number]))];
        if (!roots.Any(root => root.State == RootState.Changed))
        {
            Drop(site); // of manifests that do not differ the digests say all
        }

        return reached with { Roots = roots };
    }

    /// <summary>The same where the run broke off: nothing of it runs any more.</summary>
    internal static Reached AfterBreak(RunSite site, Reached reached)
    {
        if (reached.Roots is not null)
        {
            return reached;
        }

        if (reached.RootsBefore is not { } before || !reached.Refusals.IsEmpty)
        {
            Drop(site);
            return reached;
        }

        try
        {
            site.Interrupt.ThrowIfCancellationRequested();
            return After(site, reached);
        }
        catch (OperationCanceledException)
        {
            Drop(site);
            return reached with { Roots = [.. Plans(site, reached).Zip(before, Ended)] };
        }
    }

    private static ImmutableArray<RootPlan> Plans(RunSite site, Reached reached) =>
        [.. reached.Identity.ProtectedRoots.Select(root => RootPlan.Of(root.Role, root.Path, site.Request.Folders))];

    private static ImmutableArray<RootLook> Look(RunSite site, Reached reached, string time)
    {
        Directory.CreateDirectory(site.Bundle.PathOf(Folder));
        var plans = Plans(site, reached);
        var bounds = RootBounds.Of(site.Request.Policy);
        ImmutableArray<RootLook> looks =
        [
            .. plans.Select((plan, number) => plan.Path.Length == 0
                ? new RootLook(null, null, "")
                : RootDigester.Look(plan, site.Bundle.PathOf(Name(plan, number, time)), bounds, site.Bundle.Withheld, site.Interrupt)),
        ];
        site.Events.Add(EventNames.RootsDigested, json =>
        {
            json.WriteString("moment", time);
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
        var names = ImmutableArray.Create(Name(plan, number, FirstTime), Name(plan, number, SecondTime));
        if (before.Digest is null || after.Digest is null || before.Digest == after.Digest)
        {
            Array.ForEach([.. names], name => File.Delete(site.Bundle.PathOf(name)));
            return before.Digest is null ? root
                : after.Digest is null ? root with { Trouble = $"after the run: {after.Trouble}" }
                : root with { State = RootState.Unchanged };
        }

        root = root with { State = RootState.Changed, Manifests = names };
        try
        {
            var comparison = ManifestComparison.Between(
                FileRun.Entries(site.Bundle.PathOf(names[0])), FileRun.Entries(site.Bundle.PathOf(names[1])), MostChanges);
            return root with { Changes = comparison.Lines, ChangesTotal = comparison.Total };
        }
        catch (IOException lost)
        {
            return root with { Trouble = $"what changed could not be told: {lost.Message}" };
        }
    }

    private static ProtectedRoot Ended(RootPlan plan, RootLook before) =>
        before.Digest is null ? Of(plan, before) : Of(plan, before) with { Trouble = "a signal ended the run before it was digested again" };

    // Until both digests are there it is not observed.
    private static ProtectedRoot Of(RootPlan plan, RootLook before)
    {
        var isDeclared = plan.Path.Length > 0;
        return new ProtectedRoot(
            plan.Role, plan.Path, isDeclared ? RootState.NotObserved : RootState.NotDeclared, before.Entries, before.Digest, null, [],
            before.Trouble.Length > 0 ? $"before the run: {before.Trouble}" : "")
        {
            Excluded = isDeclared ? plan.Excluded : [],
            Names = isDeclared ? plan.Names : [],
        };
    }

    private static void Drop(RunSite site)
    {
        var folder = site.Bundle.PathOf(Folder);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Name(RootPlan plan, int number, string time) =>
        string.Create(CultureInfo.InvariantCulture, $"{Folder}/{number + 1:d2}-{plan.Role}.{time}.manifest");
}
