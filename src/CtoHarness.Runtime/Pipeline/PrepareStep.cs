using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Makes the lanes: the workspace with its repository, private folders, and what the fake engine alone is given.</summary>
internal static class PrepareStep
{
    /// <summary>The name of a stand-in's script among what its lane is given.</summary>
    internal const string Script = "engine.sh";

    internal static Reached Take(RunSite site, Reached reached)
    {
        if (reached.Base is null)
        {
            reached = TakeBase(site, reached);
            if (!reached.Refusals.IsEmpty)
            {
                return reached;
            }
        }

        if (PlacedFiles.Covered(reached.Identity.Engine.OwnFiles, reached.Base!) is { Length: > 0 } covered)
        {
            return Refused(reached, covered);
        }

        if (!site.Folders.IsMade)
        {
            site.Folders.Make();
        }

        if (site.Request.KeepWorkspace && site.Lane.Kind == LaneKind.Subject)
        {
            File.Create(Path.Combine(site.Folders.Top, RunFolders.KeptName)).Dispose();
        }

        var lane = site.Folders.Subject;
        lane.Make(site.SandboxUser, site.Pristine, reached.Repository!, site.Interrupt);
        if (reached.Identity.Engine.IsScript && reached.Program is { Path.Length: > 0 } program)
        {
            FileCopier.CopyFile(program.Path, Path.Combine(lane.Given, Script), null);
        }

        if (EngineKinds.Find(reached.Identity.Engine) is { SeesSolution: true })
        {
            FileCopier.CopyFolder(Frozen(site, FixtureFolder.Solution), Path.Combine(lane.Given, FixtureFolder.Solution), null, site.Interrupt);
        }

        if (reached.Plan?.Command is { } command)
        {
            PlacedFiles.Lay(command.Files, lane, site.SandboxUser);
            PlacedFiles.Exclude(reached.Identity.Engine.OwnFiles, lane, site.SandboxUser);
        }

        return reached;
    }

    private static Reached TakeBase(RunSite site, Reached reached)
    {
        var bounds = TreeBounds.Of(site.Request.Policy.Limits);
        var (tree, refusal) = TreeReader.Read(site.Pristine, bounds, leaveGit: false, site.Interrupt);
        if (tree is null)
        {
            return Refused(reached, $"the fixture's workspace is beyond the policy's limits: {refusal}");
        }

        site.Bundle.Write(EvidenceReader.BaseTree, tree);
        var repository = BaseRepository.Ensure(site.Request.Folders.Repositories, site.Pristine, tree, site.Interrupt);
        var pinned = reached.Contract!.Fixture.BaseCommit;
        return repository.Commit == pinned
            ? reached with { Base = tree, Repository = repository }
            : Refused(reached, $"fixture.yaml pins the base {pinned}, but workspace/ gives {repository.Commit}; restore workspace/, or write the new base into fixture.yaml");
    }

    private static string Frozen(RunSite site, string name) => Path.Combine(Path.GetDirectoryName(site.Pristine)!, name);

    private static Reached Refused(Reached reached, string message) =>
        reached with { Refusals = [new Blocker(BlockerCode.FixtureInvalid, message, "fixture/fixture.yaml")] };
}
