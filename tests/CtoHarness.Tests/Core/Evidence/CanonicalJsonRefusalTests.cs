using System.Text;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Tests.Core.Evidence;

public sealed class CanonicalJsonRefusalTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nul")]
    [InlineData("{\"a\":1")]
    [InlineData("[1,]")]
    [InlineData("[1] [2]")]
    [InlineData("[1] // no")]
    [InlineData("{a:1}")]
    [InlineData("'a'")]
    [InlineData("\"a\nb\"")]
    [InlineData("\ufeff{}")]
    public void What_is_no_JSON_is_refused(string json) => Assert.Null(CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("{\"a\":1,\"b\":2,\"\\u0061\":3}")]
    [InlineData("[{\"x\":{\"a\":1,\"a\":2}}]")]
    public void A_name_that_stands_twice_is_refused(string json) => Assert.Null(CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("0.5")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("99999999999999999999")]
    [InlineData("{\"a\":[1,2,3.5]}")]
    [InlineData("NaN")]
    public void A_number_that_is_not_whole_or_too_great_is_refused(string json) => Assert.Null(CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Nesting_is_read_down_to_64_and_refused_below()
    {
        Assert.NotNull(CanonicalJson.TryFrom(Nested(64)));
        Assert.Null(CanonicalJson.TryFrom(Nested(65)));
        Assert.Null(CanonicalJson.TryFrom(Nested(1_000_000)));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\\ud800\":1,\"\\ud801\":2}")]
    public void Half_a_character_is_refused(string json) => Assert.Null(CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void What_is_not_UTF_8_is_refused()
    {
        Assert.Null(CanonicalJson.TryFrom(new byte[] { (byte)'"', 0xff, (byte)'"' }));
        Assert.Null(CanonicalJson.TryFrom(new byte[] { (byte)'"', 0xc0, 0xaf, (byte)'"' }));
        Assert.Null(CanonicalJson.TryFrom("{\"\xff\":1}"u8.ToArray().Select(b => b == 0xc3 ? (byte)0xff : b).ToArray()));
    }

    private static byte[] Nested(int depth) => Encoding.ASCII.GetBytes(new string('[', depth) + new string(']', depth));
}
