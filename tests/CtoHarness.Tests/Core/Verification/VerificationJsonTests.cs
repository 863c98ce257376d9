using System.Text;
using CtoHarness.Core.Verification;

namespace CtoHarness.Tests.Core.Verification;

[Trait("Mission", "M15")]
public sealed class VerificationJsonTests
{
    [Fact]
    public void The_file_is_written_in_a_fixed_form()
    {
        var outcome = Sample.Verified with
        {
            Expected = 5,
            Shortfall = "case \u001b[31m (4 of 5): what came back is no answer to it",
            Results =
            [
                Sample.Result("plain-words", CaseSource.Fixed),
                Sample.Result("raises", CaseSource.Fixed) with { Expected = new Answer.Raised("ValueError"), Output = new Answer.Raised("TypeError") },
                Sample.Result("drawn-1", CaseSource.Drawn) with { Output = Sample.Said("\u2028forged\n{\"case\":1}") },
                Sample.Result("drawn-2", CaseSource.Drawn) with { Output = null },
                new CaseResult("predicate-1", CaseSource.Predicate, new JsonValue.Characters("no file at a"), new Answer.Returned(new JsonValue.Truth(true)), new Answer.Returned(new JsonValue.Truth(false))),
            ],
        };
        Approved.Matches("verification.jsonl", Encoding.UTF8.GetString([.. VerificationJson.Lines(outcome).SelectMany(line => line)]));
    }

    [Fact]
    public void Each_line_is_one_line_of_ascii()
    {
        foreach (var line in VerificationJson.Lines(Sample.Verified))
        {
            Assert.Equal((byte)'\n', line[^1]);
            Assert.Equal(1, line.Count(b => b == '\n'));
            Assert.DoesNotContain(line, b => b is >= 0x80 or < 0x20 and not (byte)'\n');
        }
    }
}
