using System.Text.Json;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;
using CtoHarness.Runtime.Pipeline;

namespace CtoHarness.Cli.Output;

/// <summary>The JSON documents that commands print; each has a schema in <c>schemas/</c>.</summary>
internal static class Printed
{
    /// <summary>Schema <c>problems.v1.json</c>.</summary>
    internal static byte[] OfProblems(ExitCode code, IEnumerable<Problem> problems) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/problems/v1");
        json.WriteNumber("exit_code", (int)code);
        WriteProblems(json, problems);
        json.WriteEndObject();
    });

    /// <summary>Schema <c>run-plan.v1.json</c>.</summary>
    internal static byte[] OfPlan(PlannedRun plan) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/run-plan/v1");
        json.WriteBoolean("would_start", plan.Refusals.IsEmpty);
        json.WriteString("run_id", plan.Identity.Run.ToString());
        json.WriteString("task_id", plan.Identity.Task);
        json.WriteNumber("stage", plan.Identity.Stage);
        json.WriteString("engine", plan.Identity.Engine.Name);
        json.WriteString("model_provider", plan.Identity.Model?.Provider);
        json.WriteString("model", plan.Identity.Model?.Name);
        WriteGates(json, plan.Identity.Gates);
        json.WriteStartArray("blockers");
        foreach (var blocker in plan.Refusals)
        {
            WriteBlocker(json, blocker);
        }

        json.WriteEndArray();
        json.WriteStartArray("preflight");
        foreach (var check in plan.Preflight)
        {
            WriteCheck(json, check);
        }

        json.WriteEndArray();
        WriteCommand(json, "command", plan.Command);
        WriteCommand(json, "sandbox_command", plan.Sandbox);
        WriteCommand(json, "test_sandbox_command", plan.TestSandbox);
        json.WriteString("runtime_workspace_root", plan.Identity.RuntimeRoot);
        json.WriteString("run_artifact_dir", plan.ArtifactFolder);
        json.WriteString("contract_digest", plan.Contract is { } contract
            ? Core.Contracts.Digest.Of(Core.Contracts.ContractJson.Of(contract)).ToString()
            : null);
        json.WriteEndObject();
    });

    internal static void WriteGates(Utf8JsonWriter json, IEnumerable<GateState> gates)
    {
        json.WriteStartArray("gates");
        foreach (var gate in gates)
        {
            json.WriteStartObject();
            json.WriteString("name", gate.Name);
            json.WriteString("required", gate.Required);
            json.WriteBoolean("open", gate.Open);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteProblems(Utf8JsonWriter json, IEnumerable<Problem> problems)
    {
        json.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("where", PlainText.Visible(problem.Where));
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("message", PlainText.Visible(problem.Message));
            json.WriteString("remedy", PlainText.Visible(problem.Remedy));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteCheck(Utf8JsonWriter json, PreflightCheck check)
    {
        json.WriteStartObject();
        json.WriteString("name", check.Name);
        json.WriteBoolean("passed", check.Passed);
        json.WriteString("detail", check.Detail);
        json.WriteEndObject();
    }

    private static void WriteBlocker(Utf8JsonWriter json, Blocker blocker)
    {
        json.WriteStartObject();
        json.WriteString("code", blocker.Code.Text);
        json.WriteString("message", blocker.Message);
        json.WriteString("evidence", blocker.Evidence);
        json.WriteEndObject();
    }

    private static void WriteCommand(Utf8JsonWriter json, string name, IReadOnlyCollection<string> command)
    {
        if (command.Count == 0)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteStrings(name, command);
        }
    }
}
