using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Attestation;

[Trait("Mission", "M20")]
public sealed class RunPredicateTests
{
    private static readonly string Whole = Encoding.UTF8.GetString(Signer.Predicate().Write());

    [Fact]
    public void What_a_run_did_not_reach_is_null_and_is_read_again()
    {
        var whole = Signer.Predicate();
        var blocked = whole with { Status = RunStatus.Blocked, Fault = Fault.Policy, Model = null, Digests = whole.Digests with { Fixture = null, Contract = null, Backend = null } };
        Assert.Equal(whole, RunPredicate.TryRead(whole.Write()));
        Assert.Equal(blocked, RunPredicate.TryRead(blocked.Write()));
        Assert.Equal(5, Encoding.UTF8.GetString(blocked.Write()).Split("null").Length - 1);
    }

    [Fact]
    public void Every_status_and_fault_is_read_again() =>
        Assert.All(
            Enum.GetValues<RunStatus>().SelectMany(status => Enum.GetValues<Fault>().Select(fault => Signer.Predicate() with { Status = status, Fault = fault })),
            predicate => Assert.Equal(predicate, RunPredicate.TryRead(predicate.Write())));

    [Theory]
    [InlineData("\"status\":\"pass\"", "\"status\":\"passed\"")]
    [InlineData("\"status\":\"pass\"", "\"status\":null")]
    [InlineData("\"fault\":\"none\"", "\"fault\":\"nobody\"")]
    [InlineData("\"stage\":2", "\"stage\":0")]
    [InlineData("\"stage\":2", "\"stage\":10")]
    [InlineData("\"stage\":2", "\"stage\":\"2\"")]
    [InlineData("\"stage\":2", "\"stage\":2,\"stages\":2")]
    [InlineData("\"stage\":2", "\"stage\":2,\"stage\":2")]
    [InlineData("\"stage\":2,", "")]
    [InlineData("\"backend_stand_in\":false", "\"backend_stand_in\":null")]
    [InlineData("\"nonce_from\":\"harness\"", "\"nonce_from\":\"backend\"")]
    [InlineData("aaaa\"", "aaaA\"")]
    [InlineData("\"model\":\"qwen3.6-35b-a3b\"", "\"model\":null")]
    [InlineData("02:58:17.250Z", "02:58:17.25Z")]
    [InlineData("02:58:17.250Z", "02:58:17.250+00:00")]
    [InlineData("02:58:17.250Z", "24:58:17.250Z")]
    [InlineData("\"event_count\":14", "\"event_count\":-1")]
    [InlineData("\"judge\":\"1\"", "\"judge\":\"\"")]
    [InlineData("\"judge\":\"1\"", "\"judge\":1")]
    [InlineData("\"chain_head\":\"sha256:", "\"chain_head\":\"sha512:")]
    [InlineData("\"harness\":\"sha256:", "\"harness\":\"SHA256:")]
    public void A_predicate_in_any_other_form_is_none(string part, string instead)
    {
        Assert.Contains(part, Whole, StringComparison.Ordinal);
        Assert.Null(RunPredicate.TryRead(Encoding.UTF8.GetBytes(Whole.Replace(part, instead, StringComparison.Ordinal))));
    }

    [Fact]
    public void Any_bytes_end()
    {
        Law.Holds(FsCheck.Fluent.Gen.Choose(0, Whole.Length - 1), at => RunPredicate.TryRead(Encoding.UTF8.GetBytes(Whole[..at])) is null);
        Law.Holds(Some.Bytes, bytes => RunPredicate.TryRead(bytes) is null);
        Law.Holds(
            Some.Glued("{", "}", "[", "]", ",", ":", "\"run_id\"", "\"digests\":{}", "\"stage\":2", "\"\\ud800\"", "null", "1e999"),
            bytes => RunPredicate.TryRead(bytes) is null,
            tries: 1000);
    }
}
