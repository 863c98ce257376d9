using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Contracts;

/// <summary>Reads <c>contract.json</c> again where the run that froze it has ended before its time.</summary>
public static class ContractReader
{
    /// <summary>Reads a contract.</summary>
    /// <param name="file">Any bytes.</param>
    /// <returns>The contract, or null unless it is written as exactly these bytes. The fixture's language, which a contract does not name, is empty.</returns>
    public static Contract? TryRead(ReadOnlyMemory<byte> file)
    {
        if (JsonFields.TryParse(file) is not { } json || FixtureOf(json) is not { } fixture
            || json.Text("instruction") is not { } instruction || json.Text("engine") is not { } engine
            || json.Count("stage") is not ({ } stage and < 10) || json.Inner("limits") is not { } limits || PlanOf(json) is not { } verification
            || json.Text("nonce") is not { } nonce || json.Text("nonce_from") is not { } nonceFrom
            || json.Inner("digests") is not { } digests || !Digest.TryParse(digests.Text("fixture") ?? "", out var fixtureDigest)
            || !Digest.TryParse(digests.Text("policy") ?? "", out var policy))
        {
            return null;
        }

        var model = json.Text("model_provider") is { } provider && json.Text("model") is { } name ? new ModelName(provider, name) : null;
        var contract = new Contract(fixture, instruction, (int)stage, engine, model, verification, LimitsOf(limits), nonce, nonceFrom, fixtureDigest, policy)
        {
            Gateway = json.Inner("gateway") is { } gateway ? GatewayOf(gateway) : null,
        };
        return ContractJson.Of(contract).AsSpan().SequenceEqual(file.Span) ? contract : null;
    }

    private static VerificationPlan? PlanOf(JsonElement json) =>
        json.Inner("verification") is { } plan && plan.Texts("target") is { } target
        && plan.Count("fixed_cases") is <= int.MaxValue and var fixedCases && plan.Count("drawn_cases") is <= int.MaxValue and var drawn
        && plan.Count("predicates") is <= int.MaxValue and var predicates
            ? new VerificationPlan(
                target, (int)fixedCases, (int)drawn, (int)predicates,
                plan.Text("driver") is { } text && Digest.TryParse(text, out var driver) ? driver : null)
            : null;

    private static Fixture? FixtureOf(JsonElement json)
    {
        return json.Text("task_id") is { } task && TaskId.TryParse(task, out var id)
            && json.Text("title") is { } title && json.Text("base_commit") is { } commit
            && json.Texts("allowed_files") is { } allowed && json.Texts("ignored_files") is { } ignored && json.Texts("test_command") is { } command
            && Paths(allowed) is { } paths && Patterns(ignored) is { } patterns
                ? new Fixture(id, title, "", commit, paths, patterns, [], command)
                : null;

        static ImmutableArray<RelativePath>? Paths(ImmutableArray<string> texts)
        {
            var paths = texts.Select(text => RelativePath.TryParse(text, out var path) ? path : (RelativePath?)null).ToList();
            return paths.Contains(null) ? null : [.. paths.Select(path => path!.Value)];
        }

        static ImmutableArray<PathPattern>? Patterns(ImmutableArray<string> texts)
        {
            var patterns = texts.Select(text => PathPattern.TryParse(text, out var pattern) ? pattern : null).ToList();
            return patterns.Contains(null) ? null : [.. patterns.Select(pattern => pattern!)];
        }
    }

    private static GatewayLimits GatewayOf(JsonElement limits)
    {
        return new GatewayLimits(
            Calls: Of("calls"), Tokens: Of("tokens"), RequestBytes: Of("request_bytes"), ResponseBytes: Of("response_bytes"),
            IdleSeconds: Of("idle_seconds"), TrafficBytes: Of("traffic_bytes"), RefusedModels: Of("refused_models"));

        long Of(string name) => limits.Count(name) ?? 0;
    }

    private static Limits LimitsOf(JsonElement limits)
    {
        return new Limits(
            WallSeconds: Of("wall_seconds"), TestWallSeconds: Of("test_wall_seconds"), StopSeconds: Of("stop_seconds"), OutputBytes: Of("output_bytes"),
            FileBytes: Of("file_bytes"), WorkspaceBytes: Of("workspace_bytes"), WorkspaceEntries: Of("workspace_entries"), WorkspaceDepth: Of("workspace_depth"),
            Processes: Of("processes"), AddressSpaceBytes: Of("address_space_bytes"));

        long Of(string name) => limits.Count(name) ?? 0;
    }
}
