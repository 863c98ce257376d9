using System.Text;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;

namespace CtoHarness.Tests.Core.Verification;

[Trait("Mission", "M15")]
public sealed class TreePredicateTests
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["strings.py"] = "import unicodedata\n",
        ["sub/other.py"] = "caf\u00e9\n",
        ["README.md"] = "old_name\n",
        ["run.sh"] = "echo\n",
    };

    private static readonly Tree Tree = new(
    [
        .. Texts.Select(file => Sample.Entry(file.Key, file.Value, file.Key == "run.sh" ? EntryKind.Executable : EntryKind.File)),
        Sample.Entry("link", "strings.py", EntryKind.Link),
        Sample.Entry("pipe", "fifo", EntryKind.Special),
    ]);

    [Theory]
    [InlineData("strings.py", true)]
    [InlineData("run.sh", true)]
    [InlineData("sub/other.py", true)]
    [InlineData("sub", false)]
    [InlineData("link", false)]
    [InlineData("pipe", false)]
    [InlineData("Strings.py", false)]
    [InlineData("gone.py", false)]
    public void A_file_is_present_where_a_regular_file_stands(string path, bool holds) =>
        Assert.Equal(holds, Holds(new TreePredicate.Present(Sample.At(path))));

    [Theory]
    [InlineData("gone.py", true)]
    [InlineData("strings", true)]
    [InlineData("strings.py", false)]
    [InlineData("link", false)]
    [InlineData("pipe", false)]
    public void A_path_is_absent_where_nothing_stands_at_all(string path, bool holds) =>
        Assert.Equal(holds, Holds(new TreePredicate.Absent(Sample.At(path))));

    [Theory]
    [InlineData("unicodedata", "*.py", true)]
    [InlineData("caf\u00e9", "**/*.py", true)]
    [InlineData("\n", "run.sh", true)]
    [InlineData("cafe\u0301", "**/*.py", false)]
    [InlineData("caf\u00e9", "*.py", false)]
    [InlineData("old_name", "**/*.py", false)]
    [InlineData("Unicodedata", "*.py", false)]
    [InlineData("strings.py", "link", false)]
    [InlineData("x", "none/**", false)]
    public void A_text_occurs_somewhere_or_nowhere(string text, string files, bool somewhere)
    {
        Assert.Equal(somewhere, Holds(new TreePredicate.Somewhere(text, Sample.Pattern(files))));
        Assert.Equal(!somewhere, Holds(new TreePredicate.Nowhere(text, Sample.Pattern(files))));
    }

    [Fact]
    public void A_change_is_at_most_so_big()
    {
        var change = new ChangeSet([Sample.Modified("a"), Sample.Added("b"), Sample.Deleted("c")]); // "after" and "new"
        Assert.True(Holds(new TreePredicate.AtMost(3, 8), change));
        Assert.False(Holds(new TreePredicate.AtMost(2, 8), change));
        Assert.False(Holds(new TreePredicate.AtMost(3, 7), change));
        Assert.True(Holds(new TreePredicate.AtMost(0, 0), new ChangeSet([])));
    }

    [Fact]
    public void Only_files_that_the_pattern_covers_are_read()
    {
        var read = new List<string>();
        new TreePredicate.Nowhere("x", Sample.Pattern("*.py")).Holds(Tree, new ChangeSet([]), entry =>
        {
            read.Add(entry.Path.ToString());
            return ReadOnlyMemory<byte>.Empty;
        });
        Assert.Equal(["strings.py"], read);
    }

    [Fact]
    public void Each_says_in_one_plain_line_what_it_asks_for() => Assert.Equal(
        [
            "no file at old.py", "a file at new.py", "\"a\\u{1B}b\" in no file of **/*.py", "\"x\" in a file of main.py", "at most 2 changed file(s) of 4000 bytes",
        ],
        new TreePredicate[]
        {
            new TreePredicate.Absent(Sample.At("old.py")), new TreePredicate.Present(Sample.At("new.py")), new TreePredicate.Nowhere("a\u001bb", Sample.Pattern("**/*.py")),
            new TreePredicate.Somewhere("x", Sample.Pattern("main.py")), new TreePredicate.AtMost(2, 4000),
        }.Select(predicate => predicate.Describe()));

    private static bool Holds(TreePredicate predicate, ChangeSet? change = null) =>
        predicate.Holds(Tree, change ?? new ChangeSet([]), entry => Encoding.UTF8.GetBytes(Texts[entry.Path.ToString()]));
}
