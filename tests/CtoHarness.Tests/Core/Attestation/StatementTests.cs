using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Tests.Core.Attestation;

[Trait("Mission", "M20")]
public sealed class StatementTests
{
    private static readonly string Whole = Encoding.UTF8.GetString(Signer.Statement.Write());

    [Fact]
    public void A_statement_is_written_as_approved() => Approved.Matches("statement.json", Whole);

    [Fact]
    public void A_statement_is_read_again_to_the_byte()
    {
        var again = Read(Whole)!;
        Assert.Equal(Signer.Statement.Subjects.ToArray(), again.Subjects.ToArray());
        Assert.Equal(Whole, Encoding.UTF8.GetString(again.Write()));
        Assert.Equal(Signer.Predicate(), RunPredicate.TryRead(again.Predicate));
    }

    [Theory]
    [InlineData("\"predicateType\":", "\"predicateType\":\"x\",\"predicateType\":")]
    [InlineData("\"predicateType\":", "\"more\":1,\"predicateType\":")]
    [InlineData("\"predicateType\":", "\"predicateType\": ")]
    [InlineData("{\"_type\"", " {\"_type\"")]
    [InlineData("Statement/v1", "Statement/v2")]
    [InlineData("Statement/v1", "Statement\\/v1")]
    [InlineData("\"sha256\":", "\"sha512\":\"00\",\"sha256\":")]
    [InlineData("\"sha256\":", "\"sha256\":\"00\",\"sha256\":")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"report.json\",\"uri\":\"x\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"a.json\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"fixture/task.yaml\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"../report.json\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"/report.json\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"report\\n.json\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":\"report\\u002ejson\"")]
    [InlineData("\"name\":\"report.json\"", "\"name\":1")]
    [InlineData("\"predicate\":{", "\"predicate\":[{")]
    [InlineData("\"stage\":2", "\"stage\":NaN")]
    [InlineData("\"stage\":2", "\"stage\":2.0")]
    [InlineData("\"stage\":2", "\"stage\":2,\"stage\":2")]
    public void A_statement_in_any_other_form_is_none(string part, string instead)
    {
        var changed = Whole.Replace(part, instead, StringComparison.Ordinal);
        Assert.NotEqual(Whole, changed);
        Assert.Null(Read(changed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{},\"predicateType\":\"x\",\"subject\":[]}")]
    [InlineData("{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{},\"predicateType\":\"\",\"subject\":[{\"digest\":{\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\"},\"name\":\"a\"}]}")]
    [InlineData("{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicate\":{},\"predicateType\":\"x\",\"subject\":[{\"digest\":{\"sha256\":\"000000000000000000000000000000000000000000000000000000000000000G\"},\"name\":\"a\"}]}")]
    public void What_says_nothing_of_anything_is_no_statement(string payload) => Assert.Null(Read(payload));

    [Fact]
    public void Any_predicate_can_be_said_and_deep_or_torn_ones_end()
    {
        var plain = Whole[..Whole.IndexOf("\"predicate\"", StringComparison.Ordinal)] + "\"predicate\":{},\"predicateType\":\"urn:x\"," + Whole[Whole.IndexOf("\"subject\"", StringComparison.Ordinal)..];
        Assert.Equal("{}", Encoding.UTF8.GetString(Read(plain)!.Predicate.Span));
        Assert.Null(Read(plain.Replace("{}", "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}", StringComparison.Ordinal)));
        Law.Holds(FsCheck.Fluent.Gen.Choose(0, plain.Length - 1), at => Read(plain[..at]) is null);
        Law.Holds(Some.Bytes, bytes => Statement.TryRead(bytes) is null);
    }

    [Fact]
    public void What_could_not_be_read_again_is_not_written()
    {
        var subject = new Subject("a", Digest.Zero);
        Refuses(Signer.Statement with { Subjects = [] });
        Refuses(Signer.Statement with { Subjects = [subject, subject] });
        Refuses(Signer.Statement with { Subjects = [new Subject("b", Digest.Zero), subject] });
        Refuses(Signer.Statement with { Subjects = [new Subject("a/../b", Digest.Zero)] });
        Refuses(Signer.Statement with { PredicateType = "" });
        Refuses(Signer.Statement with { Predicate = "[]"u8.ToArray() });
        Refuses(Signer.Statement with { Predicate = "{ }"u8.ToArray() });
        Refuses(Signer.Statement with { Predicate = Array.Empty<byte>() });

        static void Refuses(Statement statement) => Assert.Throws<InvalidOperationException>(statement.Write);
    }

    private static Statement? Read(string payload) => Statement.TryRead(Encoding.UTF8.GetBytes(payload));
}
