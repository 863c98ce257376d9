using System.Text;
using CtoHarness.Core.Trees;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Trees;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c")]
    [InlineData(".hidden")]
    [InlineData("...")]
    [InlineData("..a/b..")]
    [InlineData("-rf")]
    [InlineData(" ")]
    [InlineData("with space/\u00e9t\u00e9")]
    [InlineData("C:\\x")]
    public void A_path_below_a_root_is_read(string text)
    {
        Assert.True(RelativePath.TryParse(text, out var path));
        Assert.Equal(Encoding.UTF8.GetBytes(text), path.ToBytes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\0b")]
    public void What_could_lead_elsewhere_is_no_path(string text) => Assert.False(RelativePath.TryParse(text, out _));

    [Fact]
    public void A_path_may_be_as_long_as_the_kernel_takes_it_and_no_longer()
    {
        Assert.True(RelativePath.TryParse(new string('a', 4096), out _));
        Assert.False(RelativePath.TryParse(new string('a', 4097), out _));
        Assert.False(RelativePath.TryParse(new string('\u00e9', 2049), out _));
    }

    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("d\u00e9j\u00e0 vu", "d\u00e9j\u00e0 vu")]
    [InlineData("a\nb", "\"a\\nb\"")]
    [InlineData("a\tb\rc", "\"a\\tb\\rc\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\u001b[2J", "\"\\033[2J\"")]
    [InlineData("a\u007f", "\"a\\177\"")]
    [InlineData("\u202egpj.exe", "\"\\342\\200\\256gpj.exe\"")]
    [InlineData("\u2028", "\"\\342\\200\\250\"")]
    public void A_name_is_shown_as_it_is_or_quoted_as_git_does(string name, string shown) =>
        Assert.Equal(shown, Sample.At(name).ToString());

    [Fact]
    public void A_name_that_is_not_UTF_8_is_kept_byte_for_byte()
    {
        Assert.True(RelativePath.TryFromBytes([0x61, 0xff, 0x2f, 0xc3], out var path));
        Assert.Equal([0x61, 0xff, 0x2f, 0xc3], path.ToBytes());
        Assert.Equal("\"a\\377/\\303\"", path.ToString());
    }

    [Fact]
    public void The_quoted_form_is_ASCII_whatever_the_name() =>
        Paths(path => path.ToQuoted() is ['"', .. var inner, '"'] && inner.All(c => c is >= ' ' and < '\u007f'));

    [Fact]
    public void Bytes_come_back_as_they_went_in() =>
        Law.Holds(Some.Bytes, bytes => !RelativePath.TryFromBytes(bytes, out var path) || path.ToBytes().SequenceEqual(bytes), tries: 2000);

    [Fact]
    public void What_is_shown_is_printable_and_tells_two_paths_apart() =>
        Law.Holds(
            from a in SomeBytes from b in SomeBytes select (a, b),
            pair => !RelativePath.TryFromBytes(pair.a, out var a) || !RelativePath.TryFromBytes(pair.b, out var b)
                || (a.ToString() == b.ToString() == (a == b) && !a.ToString().Any(char.IsControl)),
            tries: 2000);

    [Fact]
    public void The_order_is_that_of_the_bytes() =>
        Law.Holds(
            from a in SomeBytes from b in SomeBytes select (a, b),
            pair => !RelativePath.TryFromBytes(pair.a, out var a) || !RelativePath.TryFromBytes(pair.b, out var b)
                || (Math.Sign(a.CompareTo(b)) == Math.Sign(pair.a.AsSpan().SequenceCompareTo(pair.b)) && a < b == pair.a.AsSpan().SequenceCompareTo(pair.b) < 0),
            tries: 2000);

    [Theory]
    [InlineData("a/.git/config", true)]
    [InlineData(".git", true)]
    [InlineData(".github/x", false)]
    [InlineData("a.git/x", false)]
    public void A_component_is_a_whole_name(string path, bool has) => Assert.Equal(has, Sample.At(path).HasComponent(".git"));

    private static readonly FsCheck.Gen<byte[]> SomeBytes = Some.Glued("a", "b", "/", ".", "..", "\u00e9", "\n", "\\", "\"", "\u202e", "n", "\\n");

    private static void Paths(Func<RelativePath, bool> law) =>
        Law.Holds(Some.Bytes, bytes => !RelativePath.TryFromBytes(bytes, out var path) || law(path), tries: 2000);
}
