using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Core.Verdicts;

/// <summary>The obligations that the gateway's record answers, and the records that a backend must show.</summary>
internal static class TrafficObligations
{
    private const int NamesInMessage = 10;
    private const string Events = "events.normalized.jsonl";

    /// <summary>Whether the provider let the run down in the end: no later call got over it.</summary>
    internal static ModelCall? Unrecovered(RunEvidence evidence) => evidence.Traffic?.Unrecovered ?? evidence.Traffic?.NoneAccepted;

    /// <summary>What was broken, or went wrong.</summary>
    internal static IEnumerable<Blocker> Broken(RunEvidence evidence)
    {
        if (evidence.Backend is null || evidence.Identity.Model is not { } model)
        {
            yield break;
        }

        if (evidence.Traffic is not { } traffic)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, "the gateway left no record of what the model was asked", Events);
            yield break;
        }

        if (traffic.Trouble.Length > 0)
        {
            yield return new Blocker(BlockerCode.EvidenceIncomplete, $"the gateway failed: {PlainText.Visible(traffic.Trouble, 300)}", Events);
        }

        if (traffic.MostRefusedFor(CallRefusal.Model) is var others && others > evidence.Contract?.Gateway?.RefusedModels)
        {
            yield return new Blocker(
                BlockerCode.ModelNotAdmitted,
                string.Create(CultureInfo.InvariantCulture, $"the backend asked {(others > Count(traffic, CallRefusal.Model) ? "up to " : "")}{others} time(s) for another model than {model}, each refused: {Names(traffic, CallRefusal.Model, call => PlainText.Quote(call.Model))}"),
                Events);
        }

        if (Count(traffic, CallRefusal.Budget) is > 0 and var beyond)
        {
            yield return new Blocker(
                BlockerCode.BudgetExceeded,
                string.Create(CultureInfo.InvariantCulture, $"the backend asked {beyond} time(s) for more than the run's budget: {traffic.Forwarded} call(s) were passed on, {traffic.Tokens} token(s) counted"),
                Events);
        }

        if (Unrecovered(evidence) is { } last)
        {
            yield return new Blocker(BlockerCode.ProviderUnavailable, LetDown(model, traffic, last, evidence.Backend.Program.End), Events);
        }
    }

    private static string LetDown(ModelName model, ModelTraffic traffic, ModelCall last, EndKind end)
    {
        var status = last.Status is { } code ? string.Create(CultureInfo.InvariantCulture, $", HTTP status {code}") : "";
        var detail = last.Detail.Length > 0 ? $" ({last.Detail})" : "";
        var what = last.Trouble == ProviderTrouble.None
            ? string.Create(CultureInfo.InvariantCulture, $"accepted none of {traffic.Forwarded} call(s)")
            : $"let the run down, and no later call got over it: {Words.Of(last.Trouble)}";
        var stopped = end == EndKind.TimedOut ? "; the backend was still at work when its wall time ended" : "";
        return string.Create(CultureInfo.InvariantCulture, $"the provider {PlainText.Visible(model.Provider)} {what}; the last was call {last.Number}{status}{detail}{stopped}; nothing is said of the backend, so run again when the provider works");
    }

    /// <summary>The records that this backend always shows, and did not show.</summary>
    internal static IEnumerable<Blocker> MissingRecords(RunEvidence evidence)
    {
        if (evidence.Backend is null || evidence.Identity.Engine is not { RequiredRecords: { IsEmpty: false } required, Output: not OutputWire.None })
        {
            yield break;
        }

        var missing = required.Where(name => evidence.Claims is null || evidence.Claims.Records.GetValueOrDefault(name) == 0).ToList();
        if (missing.Count > 0)
        {
            yield return new Blocker(
                BlockerCode.MissingRequiredEvent,
                $"the backend's own records do not show: {string.Join(", ", missing.Select(name => PlainText.Visible(name)))}; without them it did not come to its end",
                "backend/claims.jsonl");
        }
    }

    /// <summary>What a person should know of the traffic, and what decides nothing.</summary>
    internal static IEnumerable<Finding> Noted(RunEvidence evidence)
    {
        if (evidence.Traffic is not { } traffic)
        {
            return [];
        }

        var notes = new List<Finding>();
        if (evidence.Identity.Provider is { IsStandIn: true } provider)
        {
            notes.Add(new Finding("provider-stand-in", $"the provider {PlainText.Visible(provider.Name)} is declared a stand-in in models.yaml: this run admits nothing", "report.json"));
        }

        foreach (var why in Enum.GetValues<CallRefusal>().Where(why => why != CallRefusal.None && Count(traffic, why) > 0))
        {
            notes.Add(new Finding(
                "gateway-refused-" + Words.Of(why),
                string.Create(CultureInfo.InvariantCulture, $"{Count(traffic, why)} call(s) were refused by the gateway: {Names(traffic, why, call => PlainText.Visible(call.Detail))}"),
                Events));
        }

        if (traffic.NotListed > 0)
        {
            notes.Add(new Finding("gateway-refused-more", string.Create(CultureInfo.InvariantCulture, $"{traffic.NotListed} further call(s) were refused and only counted"), Events));
        }

        var troubled = traffic.Calls.Where(call => call.Trouble != ProviderTrouble.None).ToList();
        if (troubled.Count > 0)
        {
            var kinds = string.Join(", ", troubled.Select(call => Words.Of(call.Trouble)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            notes.Add(new Finding("provider-trouble", string.Create(CultureInfo.InvariantCulture, $"{troubled.Count} of {traffic.Forwarded} call(s) met trouble on the provider's side: {kinds}"), Events));
        }

        var disliked = traffic.Calls.Where(call => call is { IsForwarded: true, Trouble: ProviderTrouble.None, Status: >= ModelTraffic.FirstError }).ToList();
        if (disliked.Count > 0)
        {
            var statuses = string.Join(", ", disliked.Select(call => call.Status!.Value).Distinct().Order().Select(status => status.ToString(CultureInfo.InvariantCulture)));
            notes.Add(new Finding("call-not-accepted", string.Create(CultureInfo.InvariantCulture, $"{disliked.Count} of {traffic.Forwarded} call(s) were answered with HTTP status {statuses}: the provider did not accept what the backend asked; backend/model-traffic.jsonl has its words"), Events));
        }

        return notes;
    }

    /// <summary>What a person should know of the backend's own words.</summary>
    internal static IEnumerable<Finding> NotedOfClaims(RunEvidence evidence)
    {
        if (evidence.Claims is { Forged: > 0 and var forged })
        {
            yield return new Finding(
                "forged-events",
                string.Create(CultureInfo.InvariantCulture, $"{forged} line(s) of the backend look like events of the harness; nobody believes them"),
                evidence.Identity.Engine.OutputFile.Length > 0 ? Artifact.Records : "backend/stdout.log");
        }
    }

    private static long Count(ModelTraffic traffic, CallRefusal why) => traffic.Calls.LongCount(call => call.Refusal == why);

    private static string Names(ModelTraffic traffic, CallRefusal why, Func<ModelCall, string> of) =>
        string.Join(", ", traffic.Calls.Where(call => call.Refusal == why).Select(of).Distinct(StringComparer.Ordinal).Take(NamesInMessage));
}
