using CtoHarness.Core.Trees;

namespace CtoHarness.Tests.Core.Trees;

[Trait("Mission", "M15")]
public sealed class GitNamesTests
{
    [Theory]
    [InlineData(".git")]
    [InlineData(".GIT/config")]
    [InlineData("a/.Git")]
    [InlineData("git~1/x")]
    [InlineData(".git .  . /x")]
    [InlineData(".git::$INDEX_ALLOCATION")]
    [InlineData("a\\.git\\b")]
    [InlineData("\\git~1")]
    [InlineData(".g\u200cit")]
    [InlineData("\ufeff.git")]
    [InlineData(".gi\u206ft/x")]
    [InlineData("a /b")]
    public void A_name_that_some_git_takes_for_its_own_folder_is_refused_whatever_it_is(string path)
    {
        Assert.True(GitNames.Refuse(Sample.At(path), EntryKind.File));
        Assert.True(GitNames.Refuse(Sample.At(path), EntryKind.Link));
    }

    [Theory]
    [InlineData(".gitmodules")]
    [InlineData(".GITMODULES/x")]
    [InlineData("a/.gitmodules .")]
    [InlineData(".gitmodules:x")]
    [InlineData("gitmod~1")]
    [InlineData("GI7EBA~1")]
    [InlineData("gi~12345")]
    [InlineData("~1000000")]
    public void Of_a_link_more_names_are_refused(string path)
    {
        Assert.True(GitNames.Refuse(Sample.At(path), EntryKind.Link));
        Assert.False(GitNames.Refuse(Sample.At(path), EntryKind.File));
    }

    [Theory]
    [InlineData("strings.py")]
    [InlineData(".github/workflows/x.yml")]
    [InlineData(".gitignore")]
    [InlineData(".gitattributes")]
    [InlineData("git")]
    [InlineData("git~2")]
    [InlineData("git~10")]
    [InlineData("a.git/x")]
    [InlineData("..git")]
    [InlineData("~")]
    [InlineData("~x")]
    [InlineData("goat~1")]
    [InlineData("a b/c ")]
    [InlineData(" a/ b")]
    [InlineData("gi7ebax~1")]
    [InlineData("\u00e9.git")]
    public void Every_other_name_is_taken(string path)
    {
        Assert.False(GitNames.Refuse(Sample.At(path), EntryKind.File));
        Assert.False(GitNames.Refuse(Sample.At(path), EntryKind.Link));
    }

    [Fact]
    public void A_path_that_no_call_of_the_kernel_takes_whole_is_refused()
    {
        Assert.False(GitNames.Refuse(Sample.At(new string('a', 4095)), EntryKind.File));
        Assert.True(GitNames.Refuse(Sample.At(new string('a', 4096)), EntryKind.File));
    }
}
