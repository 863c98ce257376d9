using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Workspaces;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Engines;

[Trait("Mission", "M05")]
public sealed class PlacedFilesTests : IDisposable
{
    private readonly TempRoot _root = new();
    private readonly LaneFolders _lane;

    public PlacedFilesTests()
    {
        _lane = new LaneFolders(_root.At("lane"));
        _lane.MakeEmpty(Owner);
    }

    private static long? Owner => ProcessCalls.IsRoot ? 64_000 : null;

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Files_are_laid_into_home_and_workspace_and_belong_to_the_user_inside()
    {
        Lay((FilePlace.Home, ".config/agent/a.json", "{}"), (FilePlace.Workspace, ".agent/x", "x"), (FilePlace.Workspace, ".agent/y", "y"));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(_lane.Home, ".config/agent/a.json")));
        Assert.Equal("y", File.ReadAllText(Path.Combine(_lane.Workspace, ".agent/y")));
        var owner = Owner?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Tool.Run("id", "-u").Trim();
        foreach (var path in new[] { ".config", ".config/agent", ".config/agent/a.json" })
        {
            Assert.Equal(owner, Tool.Run("/usr/bin/stat", "-c", "%u", Path.Combine(_lane.Home, path)).Trim());
        }
    }

    [Theory]
    [InlineData("ln -s /etc .agent")]
    [InlineData("mkdir .agent; ln -s /etc/passwd .agent/x")]
    [InlineData("mkdir .agent; ln -s nowhere .agent/x")]
    [InlineData("mkdir .agent; echo mine > .agent/x")]
    [InlineData("mkdir -p .agent/x")]
    [InlineData("echo file > .agent")]
    public void Where_the_fixture_has_something_of_that_name_nothing_is_laid(string act)
    {
        Tool.Run("/bin/sh", "-c", $"cd '{_lane.Workspace}' && {act}");
        var fault = Assert.Throws<IOException>(() => Lay((FilePlace.Workspace, ".agent/x", "x")));
        Assert.Contains(".agent", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Git_does_not_see_its_own_files()
    {
        PlainGit("init", "-q");
        File.Delete(Path.Combine(_lane.Workspace, ".git/info/exclude"));
        foreach (var name in new[] { ".agent/x/y", "odd[1] ?/z", "odd1 a/z", "sub/.agent/x", "a.log", "b/a.log" })
        {
            _root.Write($"lane/root/workspace/{name}", "x");
        }

        Assert.Contains(".agent", Status(), StringComparison.Ordinal);
        PlacedFiles.Exclude([Pattern(".agent/**"), Pattern("odd[1] ?/**"), Pattern("a.*")], _lane, Owner);
        var status = Status();
        Assert.DoesNotContain("?? .agent", status, StringComparison.Ordinal);
        Assert.DoesNotContain("odd[1]", status, StringComparison.Ordinal);
        Assert.DoesNotContain("?? a.log", status, StringComparison.Ordinal);
        foreach (var seen in new[] { "odd1 a/z", "sub/.agent/x", "b/a.log" })
        {
            Assert.Contains(seen, status, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_own_files_the_repository_is_left_alone()
    {
        PlacedFiles.Exclude([], _lane, Owner);
        Assert.Empty(Directory.GetFileSystemEntries(_lane.Workspace));
    }

    [Theory]
    [InlineData("tests/**")]
    [InlineData("tests/a.py")]
    [InlineData("tests/*.py")]
    public void Own_files_that_cover_a_file_of_the_fixture_are_refused(string own)
    {
        var fault = PlacedFiles.Covered([Pattern(".agent/**"), Pattern(own)], Pristine("strings.py", "tests/a.py"));
        Assert.Equal("", PlacedFiles.Covered([Pattern(".agent/**")], Pristine("strings.py", "tests/a.py")));
        Assert.Contains("tests/a.py, a file of the fixture", fault, StringComparison.Ordinal);
    }

    private static Tree Pristine(params string[] paths) =>
        new(paths.Select(path => new TreeEntry(RelativePath.TryParse(path, out var one) ? one : default, EntryKind.File, 1, Digest.Of("x"u8))));

    private string Status() => PlainGit("status", "--porcelain", "-uall");

    private string PlainGit(params string[] words) => Tool.Run("git", ["-c", "safe.directory=*", "-c", "core.quotePath=false", "-C", _lane.Workspace, .. words]);

    private void Lay(params (FilePlace Place, string Path, string Text)[] files) =>
        PlacedFiles.Lay([.. files.Select(file => new PlacedFile(file.Place, RelativePath.TryParse(file.Path, out var path) ? path : default, file.Text))], _lane, Owner);

    private static PathPattern Pattern(string text) => PathPattern.TryParse(text, out var pattern) ? pattern! : throw new ArgumentException(text, nameof(text));
}
