using System.Collections.Immutable;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Observation;

/// <summary>The search of files and of this machine's links, on folders as somebody could leave them.</summary>
[Trait("Mission", "M13")]
public sealed class InputSearchTests : IDisposable
{
    private readonly TempRoot _root = new();

    public InputSearchTests()
    {
        _root.Write("target/file", "secret\n");
        _root.Write("target2/file", "other\n");
        _root.Write("inputs/README.md", "nothing\n");
    }

    [Theory]
    [InlineData("echo see $T/file >> README.md")]
    [InlineData("echo ../target/file > place")]
    [InlineData("mkdir -p a/b; echo ../../../target > a/b/place")]
    [InlineData("ln -s $T ../link; echo $R/link/x > place")]
    [InlineData("ln -s target ../one; ln -s one ../two; echo $R/two > place")]
    [InlineData("ln -s $T/.. ../up; echo $R/up/target/x > place")]
    [InlineData("ln -s $T out")]
    [InlineData("mkdir a; ln -s ../../target/file a/out")]
    [InlineData("ln -s $T/not-there out")]
    [InlineData("ln $T/file hard", "file")]
    [InlineData("mkdir -p store/objects/info; echo ../../../target/objects > store/objects/info/alternates")]
    [InlineData("mkdir -p store/objects/info; echo $T/objects > store/objects/info/alternates")]
    [InlineData("mkdir sub; echo 'gitdir: ../../target/.git/modules/x' > sub/.git")]
    [InlineData("git init -q repo; git -C repo config core.worktree ../../../target")]
    [InlineData("git init -q repo; git -C repo remote add origin ../../target")]
    [InlineData("git init -q repo; git -C repo remote add origin file://$T")]
    [InlineData("git init -q repo; git -C repo config url.$T/.insteadOf https://host/")]
    [InlineData("git init -q repo; git -C repo config include.path ../../../target/config")]
    [InlineData("mkdir -p repo/.git/worktrees/w; echo $T/w/.git > repo/.git/worktrees/w/gitdir")]
    [InlineData("mkdir -p repo/.git/worktrees/w; echo ../../../../../target/.git > repo/.git/worktrees/w/commondir")]
    [InlineData("printf '\\0\\1\\2%s\\0' $T > binary")]
    [InlineData("head -c 3000000 /dev/zero | tr '\\0' x > long; printf ' %s ' $T >> long; head -c 3000000 /dev/zero | tr '\\0' x >> long")]
    public void Whatever_leads_to_the_target_is_found(string act, string below = "")
    {
        Do(act);
        Assert.NotEmpty(Search(below.Length == 0 ? "target" : "target/" + below));
    }

    [Theory]
    [InlineData(":")]
    [InlineData("echo ${T}2/file ../target2 > place")]
    [InlineData("echo see https://host$T/file > place")]
    [InlineData("ln -s README.md inner; mkdir a; ln -s ../README.md a/inner")]
    [InlineData("ln -s $R/target2 ../link; echo $R/link/x > place")]
    [InlineData("cp $T/file copy")]
    [InlineData("git init -q repo; git -C repo remote add origin https://host/x")]
    [InlineData("mkdir -p store/objects/info; echo ../../../target2/objects > store/objects/info/alternates")]
    public void And_what_does_not_is_not(string act)
    {
        Do(act);
        Assert.Empty(Search("target"));
    }

    [Fact]
    public void A_link_that_leads_out_of_the_inputs_is_found_without_any_target()
    {
        Do("ln -s $R/target2 out");
        Assert.Contains("inputs/out: a link that leads out of it", Assert.Single(Search()), StringComparison.Ordinal);
    }

    [RootFact]
    public void A_target_that_is_mounted_within_a_source_or_elsewhere_is_found()
    {
        Do("mkdir within ../twin");
        Tool.Run("/bin/mount", "--bind", _root.At("target"), _root.At("inputs/within"));
        Tool.Run("/bin/mount", "--bind", _root.At("target"), _root.At("twin"));
        try
        {
            var found = Source("target");
            Assert.Contains(found, one => one.Contains("is mounted within it", StringComparison.Ordinal));
            Assert.Contains(found, one => one.Contains("inputs/within: it is the target", StringComparison.Ordinal));
            Assert.Contains(Source(), one => one.Contains("is mounted within it", StringComparison.Ordinal));
            Do($"echo {_root.At("twin")}/x > place");
            Assert.Contains(Search("target"), one => one.StartsWith("inputs/place: ", StringComparison.Ordinal));
        }
        finally
        {
            Tool.Run("/bin/umount", _root.At("inputs/within"));
            Tool.Run("/bin/umount", _root.At("twin"));
        }

        Assert.Empty(Source("target"));
    }

    [Fact]
    public void A_source_that_is_the_same_file_as_a_target_or_lies_in_one_is_found()
    {
        Do("ln $T/file hard");
        Assert.Contains("inputs/hard: it is the target", Assert.Single(Source("target/file")), StringComparison.Ordinal);
        Assert.Contains(Source("inputs"), one => one.Contains("it lies in the target", StringComparison.Ordinal));
        Assert.Empty(Source("target2"));
    }

    [Fact]
    public void Links_that_never_end_and_paths_that_are_too_long_end()
    {
        Do("ln -s b a; ln -s a b; ln -s . self");
        var places = new TargetPlaces([_root.At("target")]);
        Assert.Equal("", places.Resolve(_root.At("inputs/a/x")).Target);
        Assert.Equal("", places.Resolve(_root.At("inputs") + string.Concat(Enumerable.Repeat("/self", 3000))).Target);
        Assert.Equal("", places.Resolve("/" + new string('/', 100_000)).Target);
        Assert.Equal(_root.At("target"), places.Resolve(_root.At("inputs/self/self/../target/x")).Target);
        Assert.Equal(_root.At("target"), places.Resolve("/proc/self/root" + _root.At("target")).Target);
    }

    public void Dispose() => _root.Dispose();

    private void Do(string act) => Tool.Run("/bin/sh", "-c", $"set -eu; R='{_root.Folder}'; T=$R/target; cd '{_root.At("inputs")}'; {act}");

    private ImmutableArray<string> Search(params string[] targets) => Found(targets, input => input.Folder("inputs", _root.At("inputs")));

    private ImmutableArray<string> Source(params string[] targets) =>
        Found(targets, input => input.Source("inputs", _root.At("inputs"), MountTable.Read().Select(mount => mount.Place)));

    private ImmutableArray<string> Found(string[] targets, Action<InputSearch> act)
    {
        ImmutableArray<string> declared = [.. targets.Select(_root.At)];
        var places = new TargetPlaces(declared);
        var search = new SurfaceSearch(
            new SearchPlaces(
                new PathTerms(ImmutableDictionary<string, ImmutableArray<string>>.Empty, ImmutableDictionary<string, ImmutableArray<string>>.Empty, ["var"], declared),
                places.Resolve, [_root.At("inputs"), "/"], [_root.At("inputs")], PathPlaces.OfTheSystem),
            strict: false);
        act(new InputSearch(search, places, CancellationToken.None));
        return search.Found;
    }
}
