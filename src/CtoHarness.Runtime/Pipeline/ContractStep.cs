using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Verification;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Reads the fixture, freezes it in the bundle and draws the contract from the frozen copy.</summary>
internal static class ContractStep
{
    private const int MostProblems = 50;
    private const string Description = "fixture/fixture.yaml";

    internal static Reached Take(RunSite site, Reached reached)
    {
        var folder = Path.Combine(site.Request.Root.FixturesFolder, site.Request.Task.ToString());
        var engine = site.Request.Engine;
        var program = EngineProgram.Find(engine, site.Request.Root.EnginesFolder, site.Request.Environment, site.Interrupt);
        site.Bundle.Write("engine.json", EngineRecord.Of(engine, program.Found));
        site.Bundle.Write("policy.json", PolicyJson.Of(site.Request.Policy));
        if (TargetsStep.RefuseSource(site, reached) is { } refused)
        {
            return refused with { Program = program };
        }

        var fixture = FixtureFolder.Read(folder, site.Interrupt);
        reached = reached with { Fixture = fixture, Program = program };
        if (fixture.Fixture is null || fixture.Tree is null || !fixture.Problems.IsEmpty)
        {
            KeepDescription(site, folder);
            return reached with { Refusals = [.. fixture.Problems.Take(MostProblems).Select(problem => Refusal(site, problem))] };
        }

        FileCopier.CopyFolder(folder, site.Bundle.PathOf("fixture"), null, site.Interrupt);
        var digest = fixture.Tree.Digest();
        if (TreeReader.Read(site.Bundle.PathOf("fixture"), FixtureFolder.Bounds, leaveGit: false, site.Interrupt).Tree?.Digest() != digest)
        {
            throw new IOException($"{folder} changed while it was copied; run again when nobody edits it");
        }

        site.Bundle.Write(EvidenceReader.FixtureTree, fixture.Tree);
        var (driver, missing) = DriverFreezer.Freeze(site, fixture);
        if (missing.Count > 0)
        {
            return reached with { Refusals = [.. missing.Take(MostProblems).Select(problem => Refusal(site, problem))] };
        }

        var contract = new Contract(
            fixture.Fixture, fixture.Instruction, RunRequest.Stage, engine.Name, site.Request.Model,
            PlanOf(fixture.Cases!, driver), site.Request.Policy.Limits,
            reached.Identity.Nonce, reached.Identity.NonceFrom, digest, reached.Identity.PolicyDigest)
        {
            Gateway = site.Request.Model is null ? null : site.Request.Policy.Gateway,
        };
        var bytes = ContractJson.Of(contract);
        site.Bundle.Write("contract.json", bytes);
        site.Events.Add(EventNames.ContractCreated, json =>
        {
            json.WriteString("contract", Digest.Of(bytes).ToString());
            json.WriteString("fixture", digest.ToString());
            json.WriteString("policy", contract.PolicyDigest.ToString());
            json.WriteString("backend", program.Digest?.ToString());
        });
        reached = reached with { Contract = contract, Driver = driver };
        return contract.Fixture.TestCommand.IsEmpty
            ? reached with
            {
                Refusals = [new Blocker(
                    BlockerCode.MissingTestCommand,
                    $"{Path.Combine(folder, "fixture.yaml")} names no test_command, so nothing could be verified; add test_command: [PROGRAM, ARGUMENT]",
                    Description)],
            }
            : reached;
    }

    private static VerificationPlan PlanOf(CaseSet cases, FrozenDriver? driver) => new(
        cases.Target switch
        {
            CaseTarget.Callable function => ["function", function.File.ToString(), function.Name],
            CaseTarget.Command command => ["command", .. command.Words],
            _ => ["tree"],
        },
        cases.Cases.Length, cases.Generator?.Count ?? 0, cases.Predicates.Length, driver?.Digest);

    private static Blocker Refusal(RunSite site, Problem problem) => new(
        BlockerCode.FixtureInvalid, problem.ToString(), File.Exists(site.Bundle.PathOf(Description)) ? Description : "report.json");

    // The file that was refused is evidence too, as far as it is a file of a bearable size.
    private static void KeepDescription(RunSite site, string folder)
    {
        var file = new FileInfo(Path.Combine(folder, "fixture.yaml"));
        if (file is { Exists: true, LinkTarget: null, Length: > 0 and <= Documents.Yaml.YamlText.MaxBytes } && (file.Attributes & FileAttributes.Device) == 0)
        {
            Directory.CreateDirectory(site.Bundle.PathOf("fixture"));
            FileCopier.CopyFile(file.FullName, site.Bundle.PathOf(Description), null);
        }
    }
}
