using System.Globalization;
using System.Text;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Tests.Core.Gateway;

/// <summary>What an answer says of itself is read along, however it is cut and whatever it holds.</summary>
[Trait("Mission", "M10")]
public sealed class AnswerReaderTests
{
    private const string Chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"é \\\"usage\\\"\"},\"finish_reason\":null}],\"usage\":null}\r\n\r\n";
    private const string Last = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n";
    private const string Usage = "data:{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":7,\"details\":{\"prompt_tokens\":99}}}\n\n";
    private const string Stream = "\uFEFF: a comment\nevent: x\r\n" + Chunk + Chunk + "id: 1\rretry: 9\r\r" + Last + Usage + "data: [DONE]\n\n";
    private const string Body = " {\"usage\":{\"completion_tokens\":7,\"prompt_tokens\":12},\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}],\"error\":null}\n";

    [Fact]
    public void A_stream_is_read_alike_wherever_it_is_cut_in_two()
    {
        var bytes = Encoding.UTF8.GetBytes(Stream);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new AnswerReader(isStream: true);
            reader.Take(bytes.AsSpan(0, cut));
            reader.Take(bytes.AsSpan(cut));
            reader.End(isWhole: true);
            Assert.Equal("None 12 7 tool_calls True", Said(reader));
        }
    }

    [Fact]
    public void A_stream_that_comes_byte_by_byte_is_read_alike() => Assert.Equal("None 12 7 tool_calls True", Said(Read(true, Stream, 1)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_body_is_read_whole(int piece) => Assert.Equal("None 12 7 stop False", Said(Read(false, Body, piece)));

    [Theory]
    [InlineData(Chunk + Last + "data: [DONE]", "None - - tool_calls True")]
    [InlineData(Chunk + Last, "None - - tool_calls False")]
    [InlineData(Chunk, "CutOff - -  False")]
    [InlineData("", "CutOff - -  False")]
    [InlineData(": nothing\n\n", "CutOff - -  False")]
    [InlineData("data: {\"\\ud800\":1}\n\n", "Malformed - -  False")]
    [InlineData("data: {\"usage\":{\"prompt_\\udc00\":1}}\n\n", "Malformed - -  False")]
    [InlineData("data: {\"choices\":[{\"finish_\\ud800\":1}]}\n\n", "Malformed - -  False")]
    [InlineData("data: [DONE]\n\n", "None - -  True")]
    [InlineData("data: [DONE]\n\ndata: no JSON\n\n", "None - -  True")]
    [InlineData(Chunk + "data: {\"choi\n\n", "Malformed - -  False")]
    [InlineData(Chunk + "data: {\"choi", "CutOff - -  False")]
    [InlineData(Chunk + "data: <html>", "Malformed - -  False")]
    [InlineData("data: {} {}\n\n", "Malformed - -  False")]
    [InlineData("data: []\n\n", "Malformed - -  False")]
    [InlineData("data:\n\n", "Malformed - -  False")]
    [InlineData("data\n\n", "Malformed - -  False")]
    [InlineData("data: [DONE] \n\n", "None - -  True")]
    [InlineData("<html>\n", "Malformed - -  False")]
    [InlineData("{\"error\":{}}\n", "Malformed - -  False")]
    [InlineData("data: {\"error\":{\"message\":\"x\"}}\n\ndata: [DONE]\n\n", "Overloaded - -  False")]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":1e99}}\n\ndata: [DONE]\n", "None - -  True")]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":9223372036854775807,\"completion_tokens\":5}}\n\ndata: [DONE]\n", "None - 5  True")]
    [InlineData("data: {\"choices\":[1,[{}],null,{\"finish_reason\":[\"stop\"]}]}\n\ndata: [DONE]\n", "None - -  True")]
    public void An_end_of_a_stream_means_what_it_says(string stream, string expected) => Assert.Equal(expected, Said(Read(true, stream, 5)));

    [Theory]
    [InlineData("", "Malformed - -  False")]
    [InlineData("{\"choices\":[", "Malformed - -  False")]
    [InlineData("{\"choices\":tru", "Malformed - -  False")]
    [InlineData("{\"choices\":truly}", "Malformed - -  False")]
    [InlineData("<html>", "Malformed - -  False")]
    [InlineData("\"text\"", "Malformed - -  False")]
    [InlineData("{} x", "Malformed - -  False")]
    [InlineData("{}", "None - -  False")]
    [InlineData("{\"error\":\"no\"}", "Overloaded - -  False")]
    public void An_end_of_a_body_means_what_it_says(string body, string expected) => Assert.Equal(expected, Said(Read(false, body, 3)));

    [Fact]
    public void A_broken_connection_is_a_cut_unless_the_stream_was_over()
    {
        foreach (var (text, expected) in new[] { (Chunk + Last, ProviderTrouble.CutOff), (Chunk + "data: [DONE]\n", ProviderTrouble.None) })
        {
            var reader = new AnswerReader(isStream: true);
            reader.Take(Encoding.UTF8.GetBytes(text));
            reader.End(isWhole: false);
            Assert.Equal(expected, reader.Trouble);
        }
    }

    [Fact]
    public void A_line_without_end_is_malformed_and_is_not_held()
    {
        var reader = new AnswerReader(isStream: true);
        var piece = Encoding.ASCII.GetBytes("data: " + new string('x', 100_000));
        for (var number = 0; number < 100; number++)
        {
            reader.Take(piece);
            Assert.InRange(reader.HeldBytes, 0, AnswerReader.LongestLine);
        }

        Assert.Equal((ProviderTrouble.Malformed, 0), (reader.Trouble, reader.HeldBytes));
    }

    [Fact]
    public void Of_a_large_body_nothing_is_known_and_nothing_is_held()
    {
        var reader = new AnswerReader(isStream: false);
        reader.Take(Encoding.UTF8.GetBytes("{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2},\"x\":\""));
        for (var number = 0; number < 100; number++)
        {
            reader.Take(new byte[100_000]);
        }

        reader.End(isWhole: true);
        Assert.Equal(("None - -  False", 0), (Said(reader), reader.HeldBytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whoever_gives_up_reading_knows_nothing_and_blames_nobody(bool isStream)
    {
        var reader = new AnswerReader(isStream);
        reader.Take("data: {"u8);
        reader.GiveUp();
        reader.Take("<html>\n"u8);
        reader.End(isWhole: true);
        Assert.Equal("None - -  False", Said(reader));
    }

    [Theory]
    [InlineData(true, Stream)]
    [InlineData(false, Body)]
    public void No_bytes_are_too_much_for_it(bool isStream, string sound) => Law.Ends(
        Mutated.Of(Encoding.UTF8.GetBytes(sound)),
        bytes =>
        {
            var (whole, cut) = (new AnswerReader(isStream), new AnswerReader(isStream));
            whole.Take(bytes);
            whole.End(isWhole: true);
            for (var at = 0; at < bytes.Length; at += 3)
            {
                cut.Take(bytes.AsSpan(at, Math.Min(3, bytes.Length - at)));
            }

            cut.End(isWhole: true);
            Assert.Equal(Said(whole), Said(cut));
        },
        Mutated.Usual);

    private static AnswerReader Read(bool isStream, string text, int piece)
    {
        var reader = new AnswerReader(isStream);
        foreach (var bytes in Encoding.UTF8.GetBytes(text).Chunk(piece))
        {
            reader.Take(bytes);
        }

        reader.End(isWhole: true);
        return reader;
    }

    private static string Said(AnswerReader reader) =>
        $"{reader.Trouble} {reader.InputTokens?.ToString(CultureInfo.InvariantCulture) ?? "-"} {reader.OutputTokens?.ToString(CultureInfo.InvariantCulture) ?? "-"} {string.Join(',', reader.FinishReasons)} {reader.IsOver}";
}
