using System.Buffers;
using System.Text;
using CtoHarness.Core.Withholding;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Withholding;

[Trait("Mission", "M20")]
public sealed class RedactorTests
{
    // Few letters, so that values overlap, repeat themselves and begin in each other; brackets, so that marks could become part of one.
    private static readonly Gen<byte> Letter = Gen.Elements("aab]["u8.ToArray());

    private static readonly Gen<(List<byte[]> Values, byte[] Text, List<int> Cuts)> Cases =
        from values in Gen.Choose(4, 9).SelectMany(length => Letter.ArrayOf(length)).ListOf(3)
        from pieces in Gen.OneOf(Letter.Select(one => new[] { one }), Gen.Elements((IEnumerable<byte[]>)values)).ListOf()
        from cuts in Gen.Choose(1, 7).ListOf()
        select (values.ToList(), pieces.SelectMany(piece => piece).ToArray(), cuts.ToList());

    [Fact]
    public void However_a_stream_is_cut_the_same_comes_out_and_no_value_is_in_it() => Law.Holds(Cases, one =>
    {
        var search = Search(one.Values);
        var whole = Redacted(search, one.Text, []);
        return Redacted(search, one.Text, one.Cuts).SequenceEqual(whole) && !one.Values.Exists(value => whole.AsSpan().IndexOf(value) >= 0);
    }, tries: 3000);

    [Fact]
    public void What_comes_out_is_what_a_slow_and_simple_search_gives() => Law.Holds(Cases, one =>
    {
        var search = Search(one.Values);
        return Encoding.Latin1.GetString(Redacted(search, one.Text, one.Cuts)) == Slowly(search, one.Values, one.Text);
    }, tries: 3000);

    [Fact]
    public void A_stream_without_a_value_is_unchanged() => Law.Holds(
        from text in Some.Bytes
        from cuts in Gen.Choose(1, 7).ListOf()
        select (Text: text, Cuts: cuts.ToList()),
        one => Redacted(Search([[1, 2, 3, 4, 5, 6, 7, 8]]), one.Text, one.Cuts).SequenceEqual(one.Text));

    [Theory]
    [InlineData("x=correct horse;", "x=[withheld:V0];")]
    [InlineData("correct horscorrect horse", "correct hors[withheld:V0]")]
    [InlineData("correct horsecorrect horse", "[withheld:V0][withheld:V0]")]
    [InlineData("correct hors", "correct hors")]
    public void A_mark_stands_where_the_value_stood(string text, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Redacted(Search(["correct horse"u8.ToArray()]), Encoding.UTF8.GetBytes(text), [1])));

    [Fact]
    public void What_cannot_be_the_start_of_a_value_is_given_out_at_once()
    {
        var output = new ArrayBufferWriter<byte>();
        var redactor = new Redactor(Search(["correct horse"u8.ToArray()]));
        redactor.Take("data: [DONE]\n\n"u8, output);
        Assert.Equal("data: [DONE]\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Nothing_of_the_start_of_a_value_is_given_out_before_it_is_decided()
    {
        var output = new ArrayBufferWriter<byte>();
        var redactor = new Redactor(Search(["correct horse"u8.ToArray()]));
        redactor.Take("say correct hor"u8, output);
        Assert.Equal("say ", Encoding.UTF8.GetString(output.WrittenSpan));
        redactor.Take("n"u8, output);
        redactor.End(output);
        Assert.Equal("say correct horn", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Empty(redactor.Found);
    }

    [Fact]
    public void Each_name_is_told_once()
    {
        var output = new ArrayBufferWriter<byte>();
        var redactor = new Redactor(Search(["first value"u8.ToArray(), "second value"u8.ToArray()]));
        redactor.Take("second value, first value, second value"u8, output);
        redactor.End(output);
        Assert.Equal(["V0", "V1"], redactor.Found.ToArray());
    }

    private static ValueSearch Search(IReadOnlyList<byte[]> values) => ValueSearch.Of(values.Select((value, number) => new WithheldValue($"V{number}", value)));

    private static byte[] Redacted(ValueSearch search, byte[] text, List<int> cuts)
    {
        var output = new ArrayBufferWriter<byte>();
        var redactor = new Redactor(search);
        var at = 0;
        for (var piece = 0; cuts.Count > 0 && at < text.Length; piece++)
        {
            var length = Math.Min(cuts[piece % cuts.Count], text.Length - at);
            redactor.Take(text.AsSpan(at, length), output);
            at += length;
        }

        redactor.Take(text.AsSpan(at), output);
        redactor.End(output);
        return output.WrittenSpan.ToArray();
    }

    // Every value at every place; the gaps are what any of them covers, and two that touch without a common byte are two.
    private static string Slowly(ValueSearch search, List<byte[]> values, byte[] text)
    {
        var result = new StringBuilder();
        var end = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var there = values.Select((value, number) => (value.Length, Name: $"V{number}", Is: text.AsSpan(at).StartsWith(value))).Where(one => one.Is).ToList();
            if (there.Count > 0)
            {
                var longest = there.MaxBy(one => one.Length)!;
                result.Append(at >= end ? search.Mark(longest.Name) : "");
                end = Math.Max(end, at + longest.Length);
            }

            result.Append(at >= end ? ((char)text[at]).ToString() : "");
        }

        return result.ToString();
    }
}
