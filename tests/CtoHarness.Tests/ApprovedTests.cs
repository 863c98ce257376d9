using Xunit.Sdk;

namespace CtoHarness.Tests;

public sealed class ApprovedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cto-harness-approved-");

    private string ApprovedFile => Path.Combine(_folder.FullName, "Approved", "x.txt");

    private string ReceivedFile => Path.Combine(_folder.FullName, "received", "x.received.txt");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_same_text_passes_and_clears_what_was_received_before()
    {
        Approve("old");
        Assert.Throws<XunitException>(() => Compare("new"));
        Compare("old");
        Assert.False(File.Exists(ReceivedFile));
    }

    [Fact]
    public void Another_text_fails_with_both_and_is_kept_away_from_the_sources()
    {
        Approve("what a person read");
        var failure = Assert.Throws<XunitException>(() => Compare("what came out"));
        Assert.Contains("what a person read", failure.Message, StringComparison.Ordinal);
        Assert.Contains("what came out", failure.Message, StringComparison.Ordinal);
        Assert.Equal("what came out", File.ReadAllText(ReceivedFile));
        Assert.Equal("what a person read", File.ReadAllText(ApprovedFile));
    }

    [Theory]
    [InlineData("one\n", "one")]
    [InlineData("one\n", "one\r\n")]
    [InlineData("one\n", "One\n")]
    public void A_difference_that_is_hard_to_see_fails_too(string approved, string received)
    {
        Approve(approved);
        Assert.Throws<XunitException>(() => Compare(received));
    }

    [Fact]
    public void A_text_that_nobody_approved_fails() => Assert.Throws<XunitException>(() => Compare("new"));

    [Fact]
    public void Approving_rewrites_the_approved_text()
    {
        Approve("old");
        Compare("new", rewrite: true);
        Assert.Equal("new", File.ReadAllText(ApprovedFile));
    }

    [Fact]
    public void Approving_is_refused_in_CI()
    {
        Approve("old");
        Assert.Throws<XunitException>(() => Compare("new", rewrite: true, inCi: true));
        Assert.Equal("old", File.ReadAllText(ApprovedFile));
    }

    private void Compare(string text, bool rewrite = false, bool inCi = false) =>
        Approved.Compare(ApprovedFile, ReceivedFile, text, rewrite, inCi);

    private void Approve(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ApprovedFile)!);
        File.WriteAllText(ApprovedFile, text);
    }
}
