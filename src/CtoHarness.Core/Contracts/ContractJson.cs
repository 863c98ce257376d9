using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Contracts;

/// <summary>Writes <c>contract.json</c>, schema <c>contract.v1.json</c>.</summary>
public static class ContractJson
{
    /// <summary>Writes a contract.</summary>
    /// <param name="contract">The contract.</param>
    /// <returns>The bytes whose SHA-256 is the contract's digest.</returns>
    public static byte[] Of(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/contract/v1");
            json.WriteString("task_id", contract.Fixture.Id.ToString());
            json.WriteString("title", contract.Fixture.Title);
            json.WriteNumber("stage", contract.Stage);
            json.WriteString("engine", contract.Engine);
            json.WriteString("model_provider", contract.Model?.Provider);
            json.WriteString("model", contract.Model?.Name);
            json.WriteString("instruction", contract.Instruction);
            json.WriteString("base_commit", contract.Fixture.BaseCommit);
            json.WriteStrings("allowed_files", contract.AllowedFiles.Select(p => p.ToString()));
            json.WriteStrings("ignored_files", contract.Fixture.IgnoredFiles.Select(p => p.Text));
            json.WriteStrings("test_command", contract.Fixture.TestCommand);
            WriteVerification(json, contract.Verification);
            json.WriteStrings("obligations", Contract.Obligations);
            json.WriteStrings("required_events", EventNames.Required);
            WriteLimits(json, contract.Limits);
            if (contract.Gateway is { } gateway)
            {
                WriteGateway(json, gateway);
            }

            json.WriteString("nonce", contract.Nonce);
            json.WriteString("nonce_from", contract.NonceFrom);
            json.WriteStartObject("digests");
            json.WriteString("fixture", contract.FixtureDigest.ToString());
            json.WriteString("policy", contract.PolicyDigest.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static void WriteVerification(System.Text.Json.Utf8JsonWriter json, VerificationPlan plan)
    {
        json.WriteStartObject("verification");
        json.WriteStrings("target", plan.Target);
        json.WriteNumber("fixed_cases", plan.FixedCases);
        json.WriteNumber("drawn_cases", plan.DrawnCases);
        json.WriteNumber("predicates", plan.Predicates);
        json.WriteString("driver", plan.Driver?.ToString());
        json.WriteEndObject();
    }

    private static void WriteGateway(System.Text.Json.Utf8JsonWriter json, GatewayLimits limits)
    {
        json.WriteStartObject("gateway");
        json.WriteNumber("calls", limits.Calls);
        json.WriteNumber("tokens", limits.Tokens);
        json.WriteNumber("request_bytes", limits.RequestBytes);
        json.WriteNumber("response_bytes", limits.ResponseBytes);
        json.WriteNumber("idle_seconds", limits.IdleSeconds);
        json.WriteNumber("traffic_bytes", limits.TrafficBytes);
        json.WriteNumber("refused_models", limits.RefusedModels);
        json.WriteEndObject();
    }

    private static void WriteLimits(System.Text.Json.Utf8JsonWriter json, Limits limits)
    {
        json.WriteStartObject("limits");
        json.WriteNumber("wall_seconds", limits.WallSeconds);
        json.WriteNumber("test_wall_seconds", limits.TestWallSeconds);
        json.WriteNumber("stop_seconds", limits.StopSeconds);
        json.WriteNumber("output_bytes", limits.OutputBytes);
        json.WriteNumber("file_bytes", limits.FileBytes);
        json.WriteNumber("workspace_bytes", limits.WorkspaceBytes);
        json.WriteNumber("workspace_entries", limits.WorkspaceEntries);
        json.WriteNumber("workspace_depth", limits.WorkspaceDepth);
        json.WriteNumber("processes", limits.Processes);
        json.WriteNumber("address_space_bytes", limits.AddressSpaceBytes);
        json.WriteEndObject();
    }
}
