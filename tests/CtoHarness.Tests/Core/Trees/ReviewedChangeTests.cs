using CtoHarness.Core.Trees;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Trees;

[Trait("Mission", "M15")]
public sealed class ReviewedChangeTests
{
    [Fact]
    public void Editing_adding_and_deleting_an_allowed_file_is_allowed()
    {
        Allowed(Sample.Modified("strings.py"));
        Allowed(Sample.Added("strings.py"));
        Allowed(Sample.Deleted("strings.py"));
        Allowed(Sample.Added("strings.py", EntryKind.Executable));
    }

    [Theory]
    [InlineData("test_strings.py")]
    [InlineData("Strings.py")]
    [InlineData("strings.py/x")]
    [InlineData("sub/strings.py")]
    [InlineData("strings.pyc")]
    public void Any_other_path_is_disallowed(string path)
    {
        Disallowed(Sample.Modified(path));
        Disallowed(Sample.Added(path));
        Disallowed(Sample.Deleted(path));
    }

    [Theory]
    [InlineData(EntryKind.Link)]
    [InlineData(EntryKind.Special)]
    public void An_allowed_path_that_is_no_regular_file_any_more_is_disallowed(EntryKind kind)
    {
        Disallowed(Sample.Added("strings.py", kind));
        Disallowed(new Change(Sample.At("strings.py"), Sample.Entry("strings.py", "before"), Sample.Entry("strings.py", "fifo", kind)));
    }

    [Fact]
    public void An_allowed_path_that_was_no_regular_file_before_is_disallowed() =>
        Disallowed(new Change(Sample.At("strings.py"), Sample.Entry("strings.py", "/etc/passwd", EntryKind.Link), Sample.Entry("strings.py", "after")));

    [Fact]
    public void By_products_at_ignored_paths_are_neither()
    {
        var reviewed = Review(Sample.Added("__pycache__/a.pyc"), Sample.Modified("deep/er/__pycache__/b/c.pyc"), Sample.Deleted("__pycache__/d"));
        Assert.Equal((0, 0, 3), (reviewed.Allowed.Length, reviewed.Disallowed.Length, reviewed.Ignored.Length));
        Assert.Empty(reviewed.ChangedPaths);
    }

    [Fact]
    public void Something_special_at_an_ignored_path_is_disallowed() => Disallowed(Sample.Added("__pycache__/pipe", EntryKind.Special, "fifo"));

    [Fact]
    public void An_allowed_file_is_never_ignored()
    {
        var allowed = Sample.At("__pycache__/kept.py");
        var reviewed = ReviewedChange.Of(new ChangeSet([Sample.Modified("__pycache__/kept.py")]), [allowed], Sample.Fixture.IgnoredFiles);
        Assert.Equal(allowed, Assert.Single(reviewed.Allowed).Path);
    }

    [Fact]
    public void The_changed_paths_are_the_allowed_and_the_disallowed_ones_in_byte_order() =>
        Assert.Equal(
            ["a", "strings.py", "z"],
            Review(Sample.Added("z"), Sample.Modified("strings.py"), Sample.Added("a"), Sample.Added("__pycache__/x")).ChangedPaths.Select(path => path.ToString()));

    [Fact]
    public void Every_change_of_any_two_trees_is_sorted_into_exactly_one_group() =>
        Law.Holds(SomeTrees.Tree, tree =>
        {
            var changes = ChangeSet.Between(new Tree([]), tree);
            var reviewed = ReviewedChange.Of(changes, [Sample.At("a"), Sample.At("b/a")], [Sample.Pattern("a-b/**")]);
            return changes.Changes.Order(ByPath).SequenceEqual(reviewed.Allowed.Concat(reviewed.Disallowed).Concat(reviewed.Ignored).Order(ByPath))
                && reviewed.Allowed.All(c => c.After!.Kind is EntryKind.File or EntryKind.Executable);
        });

    [Fact]
    public void The_patched_tree_is_the_one_found_without_by_products_and_without_what_is_special() =>
        Law.Holds(from a in SomeTrees.Tree from b in SomeTrees.Tree select (a, b), pair =>
        {
            var before = new Tree(pair.a.Entries.Where(entry => entry.Kind != EntryKind.Special));
            var reviewed = ReviewedChange.Of(ChangeSet.Between(before, pair.b), [Sample.At("a")], [Sample.Pattern("b/**")]);
            var byProducts = reviewed.Ignored.Select(change => change.Path).ToHashSet();
            var expected = pair.b.Entries.Where(entry => entry.Kind != EntryKind.Special && !byProducts.Contains(entry.Path))
                .Concat(before.Entries.Where(entry => byProducts.Contains(entry.Path)));
            return reviewed.ApplyTo(before).Digest() == new Tree(expected).Digest();
        });

    private static readonly Comparer<Change> ByPath = Comparer<Change>.Create((a, b) => a.Path.CompareTo(b.Path));

    private static ReviewedChange Review(params Change[] changes) =>
        ReviewedChange.Of(new ChangeSet([.. changes]), Sample.Fixture.AllowedFiles, Sample.Fixture.IgnoredFiles);

    private static void Allowed(Change change)
    {
        var reviewed = Review(change);
        Assert.Equal(change, Assert.Single(reviewed.Allowed));
        Assert.Empty(reviewed.Disallowed.Concat(reviewed.Ignored));
    }

    private static void Disallowed(Change change)
    {
        var reviewed = Review(change);
        Assert.Equal(change, Assert.Single(reviewed.Disallowed));
        Assert.Empty(reviewed.Allowed.Concat(reviewed.Ignored));
    }
}
