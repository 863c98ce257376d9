using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Verdicts;

/// <summary>What the gateway saw, and the records that a backend must show.</summary>
[Trait("Mission", "M17")]
public sealed class JudgeTrafficTests
{
    private static readonly RunEvidence StandIn = Sample.CaseRun with { Identity = Sample.CaseRun.Identity with { Engine = Sample.Case with { IsDeclaredStandIn = true } } };

    [Fact]
    public void A_stand_in_with_a_good_conversation_passes() => Assert.Equal(RunStatus.Pass, Judge.Decide(StandIn).Status);

    public static TheoryData<ProviderTrouble> Troubles => [.. Enum.GetValues<ProviderTrouble>().Where(trouble => trouble != ProviderTrouble.None)];

    [Theory]
    [MemberData(nameof(Troubles))]
    public void Trouble_of_the_provider_in_the_last_call_is_inconclusive_and_the_providers_whatever_else_is_missing(ProviderTrouble trouble)
    {
        var calls = With(Sample.Call, Sample.Call with { Number = 2, Trouble = trouble, Status = 503, Detail = "HTTP 503" });
        foreach (var evidence in new[]
        {
            calls,
            calls with { Workspace = Sample.Changed(), Test = null, Verification = null },
            calls with { Claims = Sample.Claims with { Records = ImmutableSortedDictionary<string, long>.Empty } },
            calls with { Backend = Sample.Backend with { Program = Sample.Ended with { End = EndKind.TimedOut } } },
            calls with { Backend = Sample.Backend with { Program = Sample.Ended with { ExitCode = 1 } } },
        })
        {
            var verdict = Judge.Decide(evidence);
            Assert.Equal((RunStatus.Inconclusive, Fault.Provider, "provider-unavailable"), (verdict.Status, verdict.Fault, verdict.Blockers[0].Code.Text));
            Assert.DoesNotContain(verdict.Blockers, blocker => blocker.Code == BlockerCode.Timeout);
            Assert.Contains("provider-trouble", verdict.Findings.Select(note => note.Code));
        }
    }

    [Fact]
    public void Trouble_that_a_later_call_got_over_is_noted_and_decides_nothing()
    {
        var verdict = Judge.Decide(With(Sample.Call with { Trouble = ProviderTrouble.Overloaded }, Sample.Call with { Number = 2 }));
        Assert.Equal(RunStatus.Pass, verdict.Status);
        Assert.Equal("provider-trouble", Assert.Single(verdict.Findings).Code);
    }

    [Fact]
    public void A_provider_that_accepts_no_call_at_all_is_not_the_backends_fault_and_one_that_accepts_some_is_no_excuse()
    {
        var refused = Sample.Call with { Status = 400 };
        var never = Judge.Decide(With(refused, refused with { Number = 2 }) with { Workspace = Sample.Changed(), Test = null, Verification = null });
        Assert.Equal((RunStatus.Inconclusive, Fault.Provider), (never.Status, never.Fault));
        Assert.Contains("accepted none of 2 call(s)", never.Summary, StringComparison.Ordinal);
        var once = Judge.Decide(With(Sample.Call, refused with { Number = 2 }) with { Workspace = Sample.Changed(), Test = null, Verification = null });
        Assert.Equal((RunStatus.Fail, Fault.Backend), (once.Status, once.Fault));
    }

    [Fact]
    public void A_pass_with_a_provider_that_stands_in_says_so()
    {
        var identity = StandIn.Identity with { Provider = Sample.Local with { IsStandIn = true } };
        Assert.Contains("provider-stand-in", Judge.Decide(StandIn with { Identity = identity }).Findings.Select(note => note.Code));
        Assert.DoesNotContain("provider-stand-in", Judge.Decide(StandIn).Findings.Select(note => note.Code));
    }

    [Fact]
    public void A_call_that_the_backend_left_says_nothing_of_the_provider()
    {
        var left = Sample.Call with { Number = 3, IsAbandoned = true };
        Assert.Equal(RunStatus.Pass, Judge.Decide(With(Sample.Call, left)).Status);
        Assert.Equal(RunStatus.Inconclusive, Judge.Decide(With(Sample.Call with { Trouble = ProviderTrouble.Timeout }, left)).Status);
    }

    [Fact]
    public void An_act_of_the_backend_fails_it_whatever_the_provider_did()
    {
        var verdict = Judge.Decide(With(Sample.Call with { Trouble = ProviderTrouble.CutOff }) with { Workspace = Sample.Changed(Sample.Modified("test_strings.py")) });
        Assert.Equal((RunStatus.Fail, Fault.Backend), (verdict.Status, verdict.Fault));
    }

    [Fact]
    public void A_backend_that_is_slow_with_a_provider_that_works_fails_by_its_time()
    {
        var verdict = Judge.Decide(StandIn with { Backend = Sample.Backend with { Program = Sample.Ended with { End = EndKind.TimedOut } } });
        Assert.Equal((RunStatus.Fail, "timeout"), (verdict.Status, verdict.Blockers[0].Code.Text));
    }

    [Fact]
    public void Trouble_seen_before_the_start_blocks()
    {
        var verdict = Judge.Decide(Sample.BlockedCaseRun with { Refusals = [new Blocker(BlockerCode.ProviderUnavailable, "nobody answers", "report.json")] });
        Assert.Equal((RunStatus.Blocked, Fault.Provider), (verdict.Status, verdict.Fault));
    }

    [Theory]
    [InlineData(0, RunStatus.Fail)]
    [InlineData(1, RunStatus.Pass)]
    [Trait("Mission", "M10")]
    public void Another_model_is_noted_and_fails_the_run_where_the_policy_allows_none(long allowed, RunStatus status)
    {
        var other = Sample.Call with { Number = 2, Model = "gpt-\u001b[2J", Refusal = CallRefusal.Model, Status = null, Detail = "model \"gpt\"" };
        var evidence = With(Sample.Call, other);
        var verdict = Judge.Decide(evidence with { Contract = evidence.Contract! with { Gateway = evidence.Contract.Gateway! with { RefusedModels = allowed } } });
        Assert.Equal(status, verdict.Status);
        Assert.Contains("gateway-refused-model", verdict.Findings.Select(note => note.Code));
        Assert.Equal(status == RunStatus.Fail ? ["model-not-admitted"] : [], verdict.Blockers.Select(blocker => blocker.Code.Text));
        Assert.Equal(status == RunStatus.Fail ? Fault.Backend : Fault.None, verdict.Fault);
        Assert.DoesNotContain(verdict.Blockers, blocker => blocker.Message.Contains('\u001b', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(99, 0)]
    [InlineData(100, 50)]
    [Trait("Mission", "M10")]
    public void Where_no_more_calls_for_another_model_were_listed_those_that_were_not_count_as_such(int listed, long expected)
    {
        var others = Enumerable.Range(2, listed).Select(number => Sample.Call with { Number = number, Refusal = CallRefusal.Model });
        var evidence = With([Sample.Call, .. others]) with { Contract = StandIn.Contract! with { Gateway = StandIn.Contract.Gateway! with { RefusedModels = 120 } } };
        var verdict = Judge.Decide(evidence with { Traffic = evidence.Traffic! with { NotListed = 50 } });
        Assert.Equal(expected == 0 ? RunStatus.Pass : RunStatus.Fail, verdict.Status);
        Assert.Equal(expected > 0, verdict.Summary.Contains("up to 150 time(s)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CallRefusal.Wire)]
    [InlineData(CallRefusal.Host)]
    [InlineData(CallRefusal.Form)]
    [InlineData(CallRefusal.Size)]
    [InlineData(CallRefusal.Busy)]
    public void What_else_the_gateway_refused_is_noted(CallRefusal why)
    {
        var verdict = Judge.Decide(With(Sample.Call, Sample.Call with { Number = 2, Refusal = why, Detail = "GET /v1/responses" }));
        Assert.Equal(RunStatus.Pass, verdict.Status);
        Assert.Contains("GET /v1/responses", Assert.Single(verdict.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_budget_fails_and_what_is_not_listed_is_counted()
    {
        var evidence = With(Sample.Call, Sample.Call with { Number = 2, Refusal = CallRefusal.Budget });
        var verdict = Judge.Decide(evidence with { Traffic = evidence.Traffic! with { NotListed = 7 } });
        Assert.Equal((RunStatus.Fail, "budget-exceeded"), (verdict.Status, verdict.Blockers[0].Code.Text));
        Assert.Equal(["gateway-refused-budget", "gateway-refused-more"], verdict.Findings.Select(note => note.Code));
    }

    [Fact]
    public void Numbers_that_are_too_large_together_stay_the_largest()
    {
        var huge = Sample.Call with { InputTokens = long.MaxValue, OutputTokens = long.MaxValue, ResponseBytes = long.MaxValue };
        var traffic = new ModelTraffic([huge, huge with { Number = 2 }, Sample.Call with { Number = 3, Refusal = CallRefusal.Budget }], long.MaxValue, "");
        Assert.Equal((long.MaxValue, long.MaxValue, long.MaxValue), (traffic.Tokens, traffic.ResponseBytes, traffic.Refused));
        var evidence = StandIn with { Traffic = traffic };
        var verdict = Judge.Decide(evidence);
        Assert.Equal("budget-exceeded", verdict.Blockers[0].Code.Text);
        Assert.Contains($"\"response_bytes\": {long.MaxValue}", Encoding.UTF8.GetString(ReportJson.Of(evidence, verdict, [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public void A_call_that_the_provider_did_not_accept_is_noted_with_its_status(int status)
    {
        var note = Assert.Single(Judge.Decide(With(Sample.Call with { Status = status }, Sample.Call with { Number = 2 })).Findings);
        Assert.Equal("call-not-accepted", note.Code);
        Assert.Contains($"1 of 2 call(s) were answered with HTTP status {status}", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_record_of_the_gateway_or_with_its_own_trouble_nothing_passes()
    {
        foreach (var traffic in new[] { null, Sample.Traffic with { Trouble = "the disk is full" } })
        {
            var verdict = Judge.Decide(StandIn with { Traffic = traffic });
            Assert.Equal((RunStatus.Inconclusive, "evidence-incomplete"), (verdict.Status, verdict.Blockers[0].Code.Text));
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [Trait("Mission", "M20")]
    public void The_nonce_must_have_been_in_the_conversation(bool seen, bool passes)
    {
        var verdict = Judge.Decide(With(Sample.Call with { HasNonce = seen }));
        Assert.Equal(passes, verdict.Status == RunStatus.Pass);
        Assert.Equal(!passes, verdict.Summary.Contains("${nonce}", StringComparison.Ordinal));
        Assert.Equal(passes ? null : false, verdict.Observations.Freshness); // the sample looks at no written files
    }

    [Fact]
    [Trait("Mission", "M14")]
    public void Records_that_the_backend_always_shows_must_be_there_and_prove_nothing()
    {
        foreach (var claims in new[] { null, Sample.Claims with { Records = Sample.Claims.Records.Remove("pipeline_end") } })
        {
            var verdict = Judge.Decide(StandIn with { Claims = claims });
            Assert.Equal((RunStatus.Fail, "missing-required-event"), (verdict.Status, Assert.Single(verdict.Blockers).Code.Text));
            Assert.Contains("pipeline_end", verdict.Summary, StringComparison.Ordinal);
        }

        Assert.Equal(RunStatus.Fail, Judge.Decide(StandIn with { Workspace = Sample.Changed(), Test = null, Verification = null }).Status);
    }

    [Theory]
    [InlineData("", "backend/stdout.log")]
    [InlineData(".case/x/events/*.jsonl", "backend/records.jsonl")]
    [Trait("Mission", "M14")]
    public void Lines_that_look_like_events_of_the_harness_are_noted_with_the_file_that_has_them(string output, string file)
    {
        var engine = StandIn.Identity.Engine with { OutputFile = output };
        var note = Assert.Single(Judge.Decide(StandIn with { Identity = StandIn.Identity with { Engine = engine }, Claims = Sample.Claims with { Forged = 2 } }).Findings);
        Assert.Equal(("forged-events", file), (note.Code, note.Evidence));
    }

    private static RunEvidence With(params ModelCall[] calls) => StandIn with { Traffic = new ModelTraffic([.. calls], 0, "") };
}
