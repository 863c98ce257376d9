using CtoHarness.Core.Contracts;

namespace CtoHarness.Tests.Core.Contracts;

[Trait("Mission", "M20")]
public sealed class DigestTests
{
    private const string OfAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void The_digest_of_abc_is_the_one_of_the_standard() => Assert.Equal(OfAbc, Digest.Of("abc"u8).ToString());

    [Fact]
    public void A_digest_is_read_back()
    {
        Assert.True(Digest.TryParse(OfAbc, out var digest));
        Assert.Equal(Digest.Of("abc"u8), digest);
        Assert.Equal(OfAbc["sha256:".Length..], digest.Hex);
        Assert.Equal(Digest.Of("abc"u8).GetHashCode(), digest.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256:")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a\n")]
    [InlineData("sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Another_text_is_no_digest(string text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void The_digest_of_nothing_yet_is_64_zeros_and_equal_to_them()
    {
        var zeros = "sha256:" + new string('0', 64);
        Assert.Equal(zeros, Digest.Zero.ToString());
        Assert.True(Digest.TryParse(zeros, out var read));
        Assert.Equal(Digest.Zero, read);
        Assert.Equal(Digest.Zero.GetHashCode(), read.GetHashCode());
    }

    [Fact]
    public void A_hash_has_32_bytes()
    {
        Assert.Equal(Digest.Zero, Digest.FromHash(new byte[32]));
        Assert.Throws<ArgumentException>(() => Digest.FromHash(new byte[31]));
        Assert.Throws<ArgumentException>(() => Digest.FromHash(new byte[33]));
    }

    [Fact]
    public void Any_one_byte_that_changes_changes_the_digest() =>
        Law.Holds(Some.Bytes, bytes => Enumerable.Range(0, Math.Min(bytes.Length, 8)).All(i => Digest.Of(bytes) != Digest.Of(Flip(bytes, i))));

    private static byte[] Flip(byte[] bytes, int at)
    {
        var copy = bytes.ToArray();
        copy[at] ^= 1;
        return copy;
    }
}
