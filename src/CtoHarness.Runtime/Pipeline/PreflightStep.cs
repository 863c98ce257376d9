using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Gateway;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>The checks before the start. None of them starts anything of a backend.</summary>
internal static class PreflightStep
{
    /// <summary>Makes the checks; each one that fails refuses the start.</summary>
    internal static Reached Take(RunSite site, Reached reached)
    {
        var (sandbox, provider) = Together.Run(() => SandboxCheck.Make(site, reached), () => Provider(site.Request, site.Interrupt));
        var checks = Checks(site.Request, reached, sandbox, provider);
        var layers = sandbox.Layers;
        site.Events.Add(EventNames.PreflightChecked, json =>
        {
            foreach (var (check, _) in checks)
            {
                json.WriteBoolean(check.Name, check.Passed);
            }

            PreflightJson.WriteDetails(json, checks.Select(c => c.Check), layers);
            PreflightJson.WriteSelfTest(json, sandbox.SelfTest);
        });
        return reached with
        {
            Preflight = [.. checks.Select(c => c.Check)],
            Layers = layers,
            SelfTest = sandbox.SelfTest,
            Refusals = [.. checks.Where(c => !c.Check.Passed).Select(c => new Blocker(c.Code, c.Check.Detail, "report.json"))],
        };
    }

    private static List<(PreflightCheck Check, BlockerCode Code)> Checks(
        RunRequest request, Reached reached, SandboxCheck sandbox, PreflightCheck? provider)
    {
        var plan = reached.Plan!;
        var program = reached.Program!;
        return
        [
            (Program(program, plan, LaneSandbox.User(request.Policy)), BlockerCode.BackendNotFound),
            (Model(request), BlockerCode.ModelNotAdmitted),
            .. provider is null ? Array.Empty<(PreflightCheck, BlockerCode)>() : [(provider, BlockerCode.ProviderUnavailable)],
            (TestProgram(reached.Contract!, plan), BlockerCode.MissingTestCommand),
            (Adapter(reached.Identity.Engine, plan), BlockerCode.BackendNotFound),
            (sandbox.Check, sandbox.Code),
        ];
    }

    // It must be there, and a sandbox must be able to start it.
    private static PreflightCheck Program(EngineProgram program, RunPlan plan, long? user) =>
        program.Digest is null ? new PreflightCheck("backend", false, program.Detail)
        : program.Refusal(plan.View, user) is { Length: > 0 } refusal ? new PreflightCheck("backend", false, refusal)
        : new PreflightCheck("backend", true, program.Detail);

    private static PreflightCheck Model(RunRequest request) => new(
        "model",
        request.Admission is ModelAdmission.Admitted or ModelAdmission.NotApplicable,
        request.Admission switch
        {
            ModelAdmission.NotApplicable => "the engine calls no model",
            ModelAdmission.Admitted => $"{request.Model} is admitted by models.yaml",
            ModelAdmission.Refused => $"{request.Model} is refused by models.yaml; name an admitted model with --model PROVIDER/MODEL",
            _ => $"{request.Model} is not in models.yaml; name an admitted model with --model PROVIDER/MODEL, or add it there",
        });

    // Nobody is asked about a model that may not be called.
    private static PreflightCheck? Provider(RunRequest request, CancellationToken interrupt) => request switch
    {
        { Model: null } or { Admission: not ModelAdmission.Admitted } => null,
        { Provider: { } provider, Model: { } model } => ProviderProbe.Ask(provider, model, request.Environment, interrupt),
        _ => new PreflightCheck(ProviderProbe.Name, false, $"models.yaml names no provider {PlainText.Quote(request.Model.Provider)}"),
    };

    private static PreflightCheck TestProgram(Contract contract, RunPlan plan)
    {
        var name = contract.Fixture.TestCommand[0];
        return plan.TestCommand is { } command
            ? new PreflightCheck("test-command", true, command.Program)
            : new PreflightCheck("test-command", false, $"the test command's program {PlainText.Quote(name)} is not in {Programs.PlainPath}, nor an executable file at that path; install it, or name another in fixture.yaml");
    }

    private static PreflightCheck Adapter(EngineManifest engine, RunPlan plan) => new(
        "adapter", plan.Command is { Refusal: "" }, plan.Command is { } command
            ? command.Refusal.Length > 0 ? command.Refusal : command.Program
            : $"this version has no adapter for the kind {PlainText.Quote(engine.Kind)} yet; no backend of that kind can be started");
}
