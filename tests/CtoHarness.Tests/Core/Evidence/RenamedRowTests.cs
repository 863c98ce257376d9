using System.Text;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Evidence;

[Trait("Mission", "M15")]
public sealed class RenamedRowTests
{
    [Fact]
    public void One_file_gone_and_one_come_with_the_same_content_is_one_that_moved()
    {
        var page = Page(Gone("a", "x"), Come("B", "x"));
        Assert.Contains("| `B` | renamed from `a` | **no** |", page, StringComparison.Ordinal);
        Assert.Contains("| `a` | renamed to `B` | **no** |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_content_another_kind_or_nothing_at_all_is_no_move()
    {
        Assert.DoesNotContain("renamed", Page(Gone("a", "x"), Come("b", "y")), StringComparison.Ordinal);
        Assert.DoesNotContain("renamed", Page(Gone("a", "x"), Come("b", "x", EntryKind.Link)), StringComparison.Ordinal);
        Assert.DoesNotContain("renamed", Page(Gone("a", "x"), Come("b", "x", EntryKind.Executable)), StringComparison.Ordinal);
        Assert.DoesNotContain("renamed", Page(Gone("a", ""), Come("b", "")), StringComparison.Ordinal);
        Assert.DoesNotContain("renamed", Page(Come("b", "before"), Sample.Modified("a")), StringComparison.Ordinal);
    }

    [Fact]
    public void No_file_moves_twice()
    {
        var page = Page(Gone("a", "x"), Come("d", "x"), Come("c", "x"));
        Assert.Contains("| `c` | renamed from `a` |", page, StringComparison.Ordinal);
        Assert.Contains("| `d` | added file |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_Markdown_stays_text() =>
        Assert.Contains("| renamed from `` a`b\\|c `` |", Page(Gone("a`b|c", "x"), Come("d", "x")), StringComparison.Ordinal);

    private static Change Gone(string path, string content) => new(Sample.At(path), Sample.Entry(path, content), null);

    private static Change Come(string path, string content, EntryKind kind = EntryKind.File) => new(Sample.At(path), null, Sample.Entry(path, content, kind));

    private static string Page(params Change[] changes)
    {
        var run = Sample.FakeRun with { Workspace = Sample.Changed(changes) };
        return Encoding.UTF8.GetString(ReportPage.Of(run, Judge.Decide(run), []));
    }
}
