using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Engines;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Makes the lanes: the workspace with its repository, private folders, and what the fake engine alone is given.</summary>
internal static class PrepareStep
{
    internal static Reached Take(RunSite site, Reached reached)
    {
        var pristine = site.Bundle.PathOf("fixture/" + FixtureFolder.Workspace);
        var bounds = TreeBounds.Of(site.Request.Policy.Limits);
        var (tree, refusal) = TreeReader.Read(pristine, bounds, leaveGit: false, site.Interrupt);
        if (tree is null)
        {
            return Refused(reached, $"the fixture's workspace is beyond the policy's limits: {refusal}");
        }

        var repository = BaseRepository.Ensure(site.Request.Folders.Repositories, pristine, tree, site.Interrupt);
        var pinned = reached.Contract!.Fixture.BaseCommit;
        if (repository.Commit != pinned)
        {
            return Refused(reached, $"fixture.yaml pins the base {pinned}, but workspace/ gives {repository.Commit}; restore workspace/, or write the new base into fixture.yaml");
        }

        site.Folders.Make();
        if (site.Request.KeepWorkspace)
        {
            File.Create(Path.Combine(site.Folders.Top, RunFolders.KeptName)).Dispose();
        }

        site.Folders.Subject.Make(site.SandboxUser, pristine, repository, site.Interrupt);
        site.Folders.Test.Make(site.SandboxUser, pristine, repository, site.Interrupt);
        if (EngineKinds.Find(site.Request.Engine.Kind) is { SeesSolution: true })
        {
            FileCopier.CopyFolder(site.Bundle.PathOf("fixture/" + FixtureFolder.Solution), Path.Combine(site.Folders.Subject.Given, "solution"), null, site.Interrupt);
            FileCopier.CopyFile(reached.Program!.Path, Path.Combine(site.Folders.Subject.Given, "engine.sh"), null);
        }

        return reached with { Base = tree, Repository = repository };
    }

    private static Reached Refused(Reached reached, string message) =>
        reached with { Refusals = [new Blocker(BlockerCode.FixtureInvalid, message, "fixture/fixture.yaml")] };
}
