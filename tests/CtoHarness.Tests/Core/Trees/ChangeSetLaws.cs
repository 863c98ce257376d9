using CtoHarness.Core.Trees;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Trees;

public sealed class ChangeSetLaws
{
    [Fact]
    public void A_tree_does_not_differ_from_itself() =>
        Law.Holds(SomeTrees.Tree, tree => ChangeSet.Between(tree, new Tree(tree.Entries.Reverse())).Changes.IsEmpty);

    [Fact]
    public void The_difference_of_two_trees_leads_from_one_to_the_other() =>
        Pairs((a, b) => ChangeSet.Between(a, b).ApplyTo(a).Entries.SequenceEqual(b.Entries));

    [Fact]
    public void A_difference_names_each_path_once_in_byte_order_and_nothing_that_is_the_same() =>
        Pairs((a, b) =>
        {
            var changes = ChangeSet.Between(a, b).Changes;
            return changes.Select(c => c.Path).SequenceEqual(changes.Select(c => c.Path).Distinct().Order())
                && changes.All(c => c.Before != c.After && (c.Before ?? c.After)!.Path == c.Path);
        });

    [Fact]
    public void The_way_back_is_the_same_way_turned_round() =>
        Pairs((a, b) => ChangeSet.Between(b, a).Changes.SequenceEqual(
            ChangeSet.Between(a, b).Changes.Select(c => new Change(c.Path, c.After, c.Before))));

    [Fact]
    public void Two_trees_have_one_digest_exactly_when_nothing_differs() =>
        Pairs((a, b) => a.Digest() == b.Digest() == ChangeSet.Between(a, b).Changes.IsEmpty);

    private static void Pairs(Func<Tree, Tree, bool> law) =>
        Law.Holds(from a in SomeTrees.Tree from b in SomeTrees.Tree select (a, b), pair => law(pair.a, pair.b), tries: 1000);
}
