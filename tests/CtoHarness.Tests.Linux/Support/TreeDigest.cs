using System.Globalization;
using System.Text.Json.Nodes;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>The digest of a tree, computed by a program that shares no code with the product.</summary>
internal static class TreeDigest
{
    private const string Program = """
        import hashlib, os, stat, sys
        top = os.fsencode(sys.argv[1])
        lines = []
        for folder, folders, files in os.walk(top):
            if folder == top and b".git" in folders:
                folders.remove(b".git")
            for name in files + [f for f in folders if os.path.islink(os.path.join(folder, f))]:
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                link = stat.S_ISLNK(mode)
                content = os.readlink(path) if link else open(path, "rb").read()
                kind = b"Link" if link else b"Executable" if mode & 0o100 else b"File"
                digest = hashlib.sha256(content).hexdigest().encode()
                lines.append((os.path.relpath(path, top), kind + b" " + digest + b" - "))
        whole = b"".join(start + path + b"\0" for path, start in sorted(lines))
        print("sha256:" + hashlib.sha256(whole).hexdigest())
        """;

    /// <summary>The digest of a folder without its <c>.git</c>.</summary>
    public static string Of(string folder) => Tool.Run("/usr/bin/python3", "-c", Program, folder).Trim();

    /// <summary>Fails unless <c>patch.diff</c>, applied to the bundle's own pristine workspace, gives the tree that was judged.</summary>
    public static JsonNode AssertPatchGivesIt(TempRoot root, Bundle bundle)
    {
        var named = bundle.Events.Single(one => one["event"]!.GetValue<string>() == "git.diff.checked")["data"]!;
        foreach (var isRepository in new[] { false, true })
        {
            var copy = root.At(string.Create(CultureInfo.InvariantCulture, $"applied-{Path.GetRandomFileName()}"));
            Tool.Run("/bin/cp", "-R", bundle.At("fixture/workspace"), copy);
            if (new FileInfo(bundle.At("patch.diff")).Length > 0)
            {
                PlainGit.Apply(copy, bundle.At("patch.diff"), isRepository);
            }

            Assert.Equal(named["judged_tree"]!.GetValue<string>(), Of(copy));
        }

        return named;
    }
}
