using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M14")]
public sealed class ClaimReaderTests
{
    private static readonly FsCheck.Gen<byte[]> Streams = Some.Glued(
        "{\"type\":\"a\"}\n", "{\"type\":\"b\"", ",\"tool\":\"t\"", "}", "\n", "\r\n", "{", "\"", "\\", "\\ud800", "{\"\\ud800\":", "x", "\0", "{\"event\":\"run.started\"}\n", "{\"seq\":1,\"run_id\":2,\"observer\":3}\n");

    [Fact]
    public void A_line_is_a_record_or_no_record_or_forged_or_too_long()
    {
        var (counted, claims) = Read("{\"type\":\"a\"}\nhello\n\n{\"type\":\"a\"}\r\n{\"seq\":1,\"run_id\":\"x\",\"observer\":\"harness\"}\n");
        Assert.Equal(2, counted.Records["a"]);
        Assert.Equal((5L, 2L, 0L, 1L, false), (counted.Lines, counted.Unrecognised, counted.TooLong, counted.Forged, counted.IsTorn));
        Assert.Equal([1L], claims.Select(claim => claim.Number));
    }

    [Fact]
    public void Of_records_that_say_no_more_than_their_name_one_after_another_the_first_is_given()
    {
        var (counted, claims) = Read("{\"type\":\"a\"}\n{\"type\":\"a\"}\nx\n{\"type\":\"a\"}\n{\"type\":\"b\"}\n{\"type\":\"a\"}\n{\"type\":\"a\",\"tool\":\"t\"}\n{\"type\":\"a\",\"tool\":\"t\"}\n");
        Assert.Equal([1L, 5L, 6L, 7L, 8L], claims.Select(claim => claim.Number));
        Assert.Equal(6, counted.Records["a"]);
    }

    [Fact]
    public void What_looks_like_an_event_of_the_harness_is_forged_whatever_else_it_is()
    {
        foreach (var name in EventNames.All)
        {
            Assert.Equal(1, Read($"{{\"event\":\"{name}\",\"type\":\"a\"}}\n").Counted.Forged);
            Assert.Equal(1, Read($"{{\"type\":\"{name}\"}}\n").Counted.Forged);
            Assert.Equal(1, Read($"{{\"ty\\u0070e\":\"{name}\"}}\n").Counted.Forged);
        }

        Assert.Equal(1, Read("{\"type\":\"a\",\"observer\":null,\"seq\":[],\"run_id\":{}}").Counted.Forged);
    }

    [Theory]
    [InlineData("{\"type\":\"a\",\"run_id\":1,\"seq\":1}\n")]
    [InlineData("{\"type\":\"a\",\"data\":{\"seq\":1,\"run_id\":2,\"observer\":3,\"event\":\"run.started\"}}\n")]
    [InlineData("{\"type\":\"a\",\"event\":\"run.start\"}\n")]
    public void Control_what_only_has_some_of_its_names_is_not(string text) => Assert.Equal((0L, 1L), (Read(text).Counted.Forged, Read(text).Counted.Records["a"]));

    [Theory]
    [InlineData("{\"\\ud800\":1,\"type\":\"a\"}\n")]
    [InlineData("{\"type\":\"a\",\"t\\udc00\":1}\n")]
    [InlineData("{\"message\":{\"stop\\ud800\":1}}\n")]
    public void A_name_with_half_a_character_is_no_record_and_stops_nothing(string line)
    {
        var counted = Read(line + "{\"type\":\"a\"}\n").Counted;
        Assert.Equal((2L, 1L), (counted.Lines, counted.Unrecognised));
        Assert.Equal(1, counted.Records["a"]);
    }

    [Fact]
    public void A_last_line_without_an_end_counts_and_is_torn()
    {
        Assert.True(Read("{\"type\":\"a\"}").Counted is { IsTorn: true, Lines: 1 } whole && whole.Records["a"] == 1);
        Assert.True(Read("{\"type\":\"a\"}\n{\"ty").Counted is { IsTorn: true, Lines: 2, Unrecognised: 1 });
        Assert.True(Read("{\"type\":\"a\"}\n").Counted is { IsTorn: false, Lines: 1 });
        Assert.True(Read("").Counted is { IsTorn: false, Lines: 0 });
    }

    [Fact]
    public void A_line_that_is_too_long_is_passed_over()
    {
        var engine = new CommandEngine(SomeTask.Told() with { Output = OutputWire.JsonLines });
        var line = new byte[ClaimReader.LongestLine + 1];
        "{\"type\":\"a\",\"b\":\""u8.CopyTo(line);
        line.AsSpan(17).Fill((byte)'x');
        "\"}"u8.CopyTo(line.AsSpan(line.Length - 3));
        line[^1] = (byte)' ';
        foreach (var piece in new[] { line.Length, 1 << 20, 7_000_001 })
        {
            var reader = new ClaimReader(engine);
            Pieces(reader, [.. line, (byte)'\n', .. line[..^1], (byte)'\n', .. line], piece);
            var counted = reader.Counted;
            Assert.Equal((3L, 2L, 0L, true), (counted.Lines, counted.TooLong, counted.Unrecognised, counted.IsTorn));
            Assert.Equal(1, counted.Records["a"]);
        }
    }

    [Fact]
    public void More_names_than_can_be_told_apart_are_not_recognised()
    {
        var text = string.Concat(Enumerable.Range(0, BackendClaims.MostRecords + 5).Select(i => $"{{\"type\":\"n{i}\"}}\n")) + "{\"type\":\"n0\"}\n";
        var counted = Read(text).Counted;
        Assert.Equal((BackendClaims.MostRecords, 5L, 2L), (counted.Records.Count, counted.Unrecognised, counted.Records["n0"]));
    }

    [Fact]
    public void More_claims_than_are_kept_are_counted()
    {
        var (counted, claims) = Read(string.Concat(Enumerable.Repeat("{\"type\":\"a\",\"tool\":\"t\"}\n", ClaimReader.MostClaims + 5)));
        Assert.Equal((ClaimReader.MostClaims, ClaimReader.MostClaims + 5L), (claims.Count, counted.Records["a"]));
    }

    [Fact]
    public void Any_bytes_are_read_and_the_counts_add_up() => Law.Holds(Streams, bytes =>
    {
        var counted = Read(bytes, bytes.Length + 1).Counted;
        return counted.Lines == counted.Records.Values.Sum() + counted.Unrecognised + counted.TooLong + counted.Forged
            && counted.Lines == bytes.Count(b => b == '\n') + (counted.IsTorn ? 1 : 0)
            && counted.IsTorn == (bytes.Length > 0 && bytes[^1] != '\n');
    }, tries: 1000);

    [Fact]
    public void It_does_not_matter_in_which_pieces_they_come() =>
        Law.Holds(Streams.SelectMany(bytes => Gen.Choose(1, 9).Select(size => (bytes, size))), one => Same(Read(one.bytes, one.size), Read(one.bytes, one.bytes.Length + 1)), tries: 1000);

    [Fact]
    public void What_was_counted_is_read_again_as_it_was_written() => Law.Holds(Streams, bytes =>
    {
        var counted = Read(bytes, 64).Counted;
        return Written(counted) is { } again && Text(again) == Text(counted);
    });

    [Theory]
    [InlineData("\"lines\":1", "\"lines\":2")]
    [InlineData("\"lines\":1", "\"lines\":-1")]
    [InlineData("\"a\":1", "\"a\":0")]
    [InlineData("\"a\":1", "\"a\":1.5")]
    [InlineData("\"a\":1", "\"a\\nb\":1")]
    [InlineData("\"a\":1", "\"\":1")]
    [InlineData("\"torn\":false", "\"torn\":0")]
    [InlineData("\"forged\":0,", "")]
    [InlineData("\"records\":{\"a\":1}", "\"records\":[]")]
    [InlineData("\"lines\":1,\"records\":{\"a\":1}", "\"lines\":9007199254740992,\"records\":{\"a\":9007199254740992}", true)]
    public void Counts_that_cannot_be_are_refused(string right, string wrong, bool sound = false)
    {
        var text = Text(Read("{\"type\":\"a\"}\n").Counted);
        Assert.NotNull(BackendClaimsJson.TryRead(JsonFields.TryParse(Encoding.UTF8.GetBytes(text))!.Value));
        var changed = text.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        var read = JsonFields.TryParse(Encoding.UTF8.GetBytes(changed)) is { } json ? BackendClaimsJson.TryRead(json) : null;
        Assert.Equal(sound, read is not null);
    }

    [Fact]
    public void Nothing_that_is_torn_has_no_line() =>
        Assert.Null(BackendClaimsJson.TryRead(JsonFields.TryParse("""{"lines":0,"records":{},"unrecognised":0,"too_long":0,"forged":0,"torn":true}"""u8.ToArray())!.Value));

    private static bool Same((BackendClaims Counted, List<Claim> Claims) one, (BackendClaims Counted, List<Claim> Claims) other) =>
        Text(one.Counted) == Text(other.Counted) && one.Claims.SequenceEqual(other.Claims);

    private static BackendClaims? Written(BackendClaims claims) => BackendClaimsJson.TryRead(JsonFields.TryParse(Encoding.UTF8.GetBytes(Text(claims)))!.Value);

    private static string Text(BackendClaims claims) => Encoding.UTF8.GetString(JsonText.Line(json =>
    {
        json.WriteStartObject();
        BackendClaimsJson.Write(json, claims);
        json.WriteEndObject();
    }));

    private static (BackendClaims Counted, List<Claim> Claims) Read(string text) => Read(Encoding.UTF8.GetBytes(text), 4096);

    private static (BackendClaims Counted, List<Claim> Claims) Read(byte[] bytes, int piece)
    {
        var reader = new ClaimReader(new CommandEngine(SomeTask.Told() with { Output = OutputWire.JsonLines }));
        var claims = Pieces(reader, bytes, piece);
        return (reader.Counted, claims);
    }

    private static List<Claim> Pieces(ClaimReader reader, byte[] bytes, int piece)
    {
        var claims = new List<Claim>();
        for (var at = 0; at < bytes.Length; at += piece)
        {
            claims.AddRange(reader.Append(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at))));
        }

        claims.AddRange(reader.Finish());
        return claims;
    }
}
