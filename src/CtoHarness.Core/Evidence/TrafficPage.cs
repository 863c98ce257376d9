using System.Globalization;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Runs;
using static CtoHarness.Core.Evidence.MarkdownText;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes the part of a report's page about the model and the backend's own words; nothing where there are none.</summary>
internal static class TrafficPage
{
    private const int MostRows = 50;

    internal static void Write(StringBuilder page, RunEvidence evidence)
    {
        if (evidence.Identity.Provider is { } provider)
        {
            WriteModel(page, evidence, provider);
        }
        else if (evidence.Claims is { } claims)
        {
            Line(page, "## What the backend said of itself");
            Line(page, "");
            WriteClaims(page, claims);
        }
    }

    private static void WriteModel(StringBuilder page, RunEvidence evidence, Provider provider)
    {
        Line(page, "## What the model was asked");
        Line(page, "");
        Line(page, $"Provider {Code(provider.Name)} at {Code(provider.Address)}, wire {Code(provider.Wire)}.{(provider.IsStandIn ? " It is declared a **stand-in**: nothing that it answers admits anything." : "")}");
        Line(page, "");
        WriteTraffic(page, evidence.Traffic);
        if (evidence.Claims is { } claims)
        {
            WriteClaims(page, claims);
        }
    }

    private static void WriteClaims(StringBuilder page, BackendClaims claims)
    {
        Line(page, string.Create(CultureInfo.InvariantCulture, $"The backend said of itself, and nobody believes it: {claims.Records.Values.Sum()} record(s) in {claims.Lines} line(s), {claims.Unrecognised} of them not recognised, {claims.Forged} that look like events of the harness."));
        Line(page, "");
    }

    private static void WriteTraffic(StringBuilder page, ModelTraffic? traffic)
    {
        if (traffic is null)
        {
            Line(page, "Not observed: the gateway left no record.");
            Line(page, "");
            return;
        }

        Line(page, string.Create(CultureInfo.InvariantCulture, $"{traffic.Forwarded} call(s) were passed on, {traffic.Refused} refused; {traffic.InputTokens} tokens in, {traffic.OutputTokens} out, as the provider counts them. The run's nonce {(traffic.NonceSeen switch { true => "was in at least one of them", false => "was in **none** of them", null => "was in none, for there was none" })}."));
        Line(page, "");
        var odd = traffic.Calls.Where(call => call.Trouble != ProviderTrouble.None || !call.IsForwarded).ToList();
        if (odd.Count == 0)
        {
            return;
        }

        Line(page, "| call | refused for | trouble of the provider | status | what |");
        Line(page, "|---|---|---|---|---|");
        foreach (var call in odd.Take(MostRows))
        {
            Line(page, string.Create(CultureInfo.InvariantCulture, $"| {call.Number} | {(call.IsForwarded ? "" : Words.Of(call.Refusal))} | {(call.Trouble == ProviderTrouble.None ? "" : Words.Of(call.Trouble))} | {call.Status} | {CodeCell(call.Detail)} |"));
        }

        Line(page, "");
    }

    private static void Line(StringBuilder page, string text) => page.Append(text).Append('\n');
}
