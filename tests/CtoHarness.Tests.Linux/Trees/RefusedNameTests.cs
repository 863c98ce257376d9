using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Workspaces;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Trees;

[Trait("Mission", "M15")]
public sealed class RefusedNameTests
{
    private static readonly TreeBounds Bounds = new(1000, 1 << 20, 1 << 20, 16);

    [Theory]
    [InlineData(".GIT", EntryKind.File)]
    [InlineData("a/.Git/x", EntryKind.File)]
    [InlineData("GIT~1/x", EntryKind.File)]
    [InlineData(".git ", EntryKind.File)]
    [InlineData(".git...", EntryKind.File)]
    [InlineData(".git:x", EntryKind.File)]
    [InlineData("a\\.git\\b", EntryKind.File)]
    [InlineData(".g\u00e2\u0080\u008cit", EntryKind.File)]
    [InlineData("\u00ef\u00bb\u00bf.git/x", EntryKind.Executable)]
    [InlineData("a /empty", EntryKind.File, "")]
    [InlineData(".gitmodules", EntryKind.Link)]
    [InlineData(".gitmodules/x", EntryKind.Link)]
    [InlineData("a/.gitmodules ", EntryKind.Link)]
    [InlineData("GITMOD~4", EntryKind.Link)]
    [InlineData("gi7eba~1", EntryKind.Link)]
    [InlineData("gi7eb~12", EntryKind.Link)]
    [InlineData("~1000000", EntryKind.Link)]
    public void A_name_that_git_refuses_is_special_and_as_a_patch_git_refuses_it(string name, EntryKind kind, string content = "x\n")
    {
        using var root = new TempRoot();
        DiskTree.Empty.Write(root.At("base"));
        DiskTree.Empty.With(name, new DiskFile(kind, content)).Write(root.At("after"));
        var entry = Assert.Single(TreeReader.Read(root.At("after"), Bounds, leaveGit: false, CancellationToken.None).Tree!.Entries);
        Assert.Equal((EntryKind.Special, "a name that git refuses"), (entry.Kind, entry.Note));

        // The counter-test: had it been taken for what it is, the patch could not be applied.
        var repository = BaseRepository.Ensure(root.At("cache"), root.At("base"), new Tree([]), CancellationToken.None);
        var taken = entry with { Kind = kind, Note = "", Bytes = content.Length, Content = CtoHarness.Core.Contracts.Digest.Of(System.Text.Encoding.ASCII.GetBytes(content)) };
        using (var patch = File.Create(root.At("patch.diff")))
        {
            PatchWriter.Write(root.At("scratch"), repository, [new Change(entry.Path, null, taken)], root.At("after"), patch, 1 << 20, CancellationToken.None);
        }

        PlainGit.Run("init", "-q", root.At("base"));
        var (exit, text) = PlainGit.Try("-c", "core.protectHFS=true", "-C", root.At("base"), "apply", root.At("patch.diff"));
        Assert.NotEqual(0, exit);
        Assert.Matches("invalid path|lacks filename", text);
    }

    [Fact]
    public void Beside_the_right_work_such_a_name_fails_the_run_and_stays_out_of_the_patch()
    {
        using var root = new TempRoot();
        var bundle = root.Backend("cp \"$1/strings.py\" .; mkdir .GIT; echo x > .GIT/config; ln -s README.md .gitmodules; echo x > 'a\\.git'").Run().Expect(1).Bundle();
        bundle.Expect("fail", "disallowed-file");
        Assert.Equal([".GIT/config", ".gitmodules", "\"a\\\\.git\""], bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal(3, bundle.Findings.Count(code => code == "special-entry"));
        Assert.Contains("a name that git refuses", bundle.Text("report.md"), StringComparison.Ordinal);
        TreeDigest.AssertPatchGivesIt(root, bundle);
    }
}
