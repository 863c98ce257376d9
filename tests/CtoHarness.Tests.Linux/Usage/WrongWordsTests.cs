using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Usage;

public sealed class WrongWordsTests
{
    private static readonly string[] EverythingWrong =
    [
        "run", "no-such-fixture", "--engine", "no-such-engine", "--timeout", "soon", "--nonce", "abc", "--target", "/no/such/target",
        "--protect", "/no/such/root", "--profile", "../up",
    ];

    [Fact]
    public void Every_mistake_is_named_at_once_and_nothing_is_made()
    {
        using var root = new TempRoot();
        var finished = root.Command(EverythingWrong).Run().Expect(2).ExpectNoBundle();
        Assert.Empty(finished.Text);
        string[] named = ["no-such-fixture", "no-such-engine", "\"soon\"", "\"abc\"", "/no/such/target", "/no/such/root", "../up"];
        Assert.All(named, word => Assert.Contains(word, finished.Error, StringComparison.Ordinal));
        Assert.False(Directory.Exists(root.Work));
    }

    [Fact]
    public void With_json_the_same_mistakes_are_one_document_that_fits_its_schema()
    {
        using var root = new TempRoot();
        var finished = root.Command([.. EverythingWrong, "--json"]).Run().Expect(2).ExpectNoBundle();
        Assert.Equal(7, finished.Json["problems"]!.AsArray().Count);
        Assert.Equal(2, finished.Json["exit_code"]!.GetValue<int>());
        Schemas.Assert(root, "problems.v1.json", finished.Output);
    }

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("no-such-command")]
    [InlineData("run")]
    [InlineData("run r1-string-slugify --no-such-option")]
    [InlineData("run r1-string-slugify and-more")]
    [InlineData("run r1-string-slugify --timeout")]
    [InlineData("run r1-string-slugify --engine fake --engine fake")]
    [InlineData("run r1-string-slugify --model qwen-local/qwen3.6-35b-a3b")]
    [InlineData("show")]
    [InlineData("runs more")]
    [InlineData("policy")]
    [InlineData("policy hide")]
    [InlineData("fixtures check no-such-fixture")]
    [InlineData("runs --profile ../up")]
    [InlineData("runs --profile=")]
    [InlineData("show latest --profile")]
    [InlineData("verify latest --nonce")]
    [InlineData("pack latest --output=")]
    [InlineData("")]
    public void Words_that_mean_nothing_end_with_2_and_say_what_would_help(string line)
    {
        using var root = new TempRoot();
        var finished = root.Command(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Run().Expect(2).ExpectNoBundle();
        Assert.Empty(finished.Text);
        Assert.NotEmpty(finished.Error);
    }

    [Theory]
    [InlineData("--runs-dir")]
    [InlineData("--state-dir")]
    [InlineData("--harness-root")]
    [InlineData("--target")]
    [InlineData("--profile")]
    [InlineData("--timeout")]
    [InlineData("--nonce")]
    [InlineData("--engine")]
    public void An_empty_value_is_a_mistake_of_whoever_typed_it_and_no_bug(string option)
    {
        using var root = new TempRoot();
        root.Run(option, "").Run().Expect(2).ExpectNoBundle();
    }

    [Fact]
    public void A_word_that_starts_with_an_at_sign_is_a_word_and_no_file_is_read()
    {
        using var root = new TempRoot();
        root.Write("words", "the-words-of-a-file\n");
        var finished = root.Command("run", "@" + root.At("words")).Run().Expect(2);
        Assert.DoesNotContain("the-words-of-a-file", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_word_reaches_the_terminal_only_as_visible_text()
    {
        using var root = new TempRoot();
        const string word = "\u001b[31mred\u0007\n\u202e";
        string[][] lines = [["run", word], ["run", TempRoot.Fixture, "--engine", word], [word], ["show", word], ["runs", "--runs-dir", "/" + word], ["run", TempRoot.Fixture, "--" + word]];
        foreach (var line in lines)
        {
            var finished = root.Command(line).Run();
            Assert.Contains("red", finished.Text + finished.Error, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', finished.Text + finished.Error);
            Assert.DoesNotContain('\u0007', finished.Text + finished.Error);
            Assert.DoesNotContain('\u202e', finished.Text + finished.Error);
        }
    }
}
