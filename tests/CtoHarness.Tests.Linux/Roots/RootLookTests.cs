using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Roots;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Roots;

/// <summary>Looks at roots as somebody hostile could change or leave them.</summary>
[Trait("Mission", "M12")]
public sealed class RootLookTests : IDisposable
{
    private static readonly RootBounds Wide = new(1000, 0);
    private readonly TempRoot _root = new();
    private int _looks;

    private string Top => _root.At("kept");

    public RootLookTests() => Act("mkdir -p d/e; printf first > f; printf inner > d/e/inner; ln -s f link; printf 5bits > ref; touch -d '2020-01-02 03:04:05.678' f ref", make: true);

    [Theory]
    [InlineData("printf other > f; touch -r ref f", "changed f: ctime")]
    [InlineData("printf longer > f; touch -r ref f", "changed f: size, ctime")]
    [InlineData("printf first > f", "changed f: mtime, ctime")]
    [InlineData("touch f", "changed f: mtime, ctime")]
    [InlineData("chmod 600 f; chmod 644 f", "changed f: ctime")]
    [InlineData("chmod 600 f", "changed f: mode, ctime")]
    [InlineData("chmod 700 d/e; chmod 755 d/e", "changed d/e: ctime")]
    [InlineData("python3 -c 'import os; os.setxattr(\"f\", \"user.x\", b\"y\")'", "changed f: ctime")]
    [InlineData("mv f g", "changed .: mtime, ctime|removed f|added g")]
    [InlineData("mv f g; mv g f", "changed .: mtime, ctime|changed f: ctime")]
    [InlineData(": > d/e/new", "changed d/e: mtime, ctime|added d/e/new")]
    [InlineData("rm d/e/inner", "changed d/e: mtime, ctime|removed d/e/inner")]
    [InlineData("cp -p f x; mv x f", "changed .: mtime, ctime|changed f: inode, ctime")]
    [InlineData("ln -s ref x; mv x link", "changed .: mtime, ctime|changed link: inode, link target, size, mtime, ctime")]
    [InlineData("mkfifo x; mv x f", "changed .: mtime, ctime|changed f: kind, inode, size, mtime, ctime")]
    [InlineData("ln f hard", "changed .: mtime, ctime|changed f: ctime|added hard")]
    [InlineData(": > \"$(printf 'x\\n\\033\\377')\"", "changed .: mtime, ctime|added \"x\\n\\033\\377\"")]
    [InlineData("rm -r d", "changed .: size, mtime, ctime|removed d|removed d/e|removed d/e/inner")]
    public void Each_change_is_named(string act, string lines)
    {
        var before = Look(Plan());
        Act("sleep 0.02; " + act); // what is made within one tick of the kernel's clock has one mtime
        var found = Changes(Plan(), before);
        Assert.Equal(WithoutSizeOfFolders(lines.Split('|')), WithoutSizeOfFolders(found));
    }

    [RootFact]
    public void Another_owner_is_a_change()
    {
        var before = Look(Plan());
        Act("chown 7:8 f");
        Assert.Equal(["changed f: owner, group, ctime"], Changes(Plan(), before));
    }

    [Theory]
    [InlineData(":")]
    [InlineData("cat f link d/e/inner; ls -lR; find . -type f | xargs sha256sum")]
    public void What_only_reads_is_none(string act)
    {
        var before = Look(Plan());
        Act(act);
        Assert.Equal(before.Look, Look(Plan()).Look);
        Assert.NotNull(before.Look.Digest);
        Assert.Equal(7, before.Look.Entries);
    }

    [Fact]
    public void A_file_a_link_and_a_FIFO_may_be_roots_and_no_FIFO_is_opened()
    {
        Act("mkfifo pipe");
        foreach (var (name, act) in new[] { ("f", "printf other > f"), ("link", "rm link; ln -s elsewhere link"), ("pipe", "chmod 600 pipe") })
        {
            var plan = Plan() with { Path = Path.Combine(Top, name) };
            var before = Look(plan, Wide with { ContentBytes = 100 });
            Assert.Equal(1, before.Look.Entries);
            Act(act);
            Assert.StartsWith("changed .: ", Assert.Single(Changes(plan, before, Wide with { ContentBytes = 100 })), StringComparison.Ordinal);
        }

        Assert.Equal("", Look(Plan(), Wide with { ContentBytes = 100 }).Look.Trouble);
    }

    [Fact]
    public void Contents_are_read_only_where_the_policy_asks_and_only_so_many()
    {
        Assert.DoesNotContain("sha256:", File.ReadAllText(Look(Plan()).Manifest), StringComparison.Ordinal);
        var read = File.ReadAllText(Look(Plan(), Wide with { ContentBytes = 15 }).Manifest);
        Assert.Contains("sha256:a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e", read, StringComparison.Ordinal);
        AssertTrouble("more than 14 bytes", Look(Plan(), Wide with { ContentBytes = 14 }));
    }

    [Fact]
    public void The_digest_is_that_of_the_manifest()
    {
        var (manifest, look) = Look(Plan());
        Assert.Equal(Tool.Run("/usr/bin/sha256sum", manifest)[..64], look.Digest!.Value.Hex);
    }

    [Fact]
    public void What_has_too_many_entries_or_is_too_deep_or_is_not_there_is_not_observed()
    {
        AssertTrouble("more than 6 entries (root_digests.entries", Look(Plan(), Wide with { Entries = 6 }));
        Assert.Equal("", Look(Plan(), Wide with { Entries = 7 }).Look.Trouble);
        Act("python3 -c 'import os\nfor i in range(300):\n os.mkdir(\"n\")\n os.chdir(\"n\")'");
        AssertTrouble("nested deeper than 256", Look(Plan()));
        AssertTrouble("statx", Look(Plan() with { Path = _root.At("nothing") }));
        AssertTrouble("could not be opened", Look(Plan() with { Path = _root.At("nothing/there") }));
        AssertTrouble("runs write there", Look(Plan() with { Trouble = "runs write there" }));
    }

    [Fact]
    public void A_path_that_no_call_takes_is_not_observed() =>
        Assert.Contains("longer than 4096 bytes", LookAfter("python3 -c 'import os\nfor i in range(20):\n os.mkdir(\"n\" * 250)\n os.chdir(\"n\" * 250)'").Trouble, StringComparison.Ordinal);

    [Fact]
    public void What_vanishes_while_it_is_looked_at_is_not_observed_and_never_unchanged()
    {
        var troubles = 0;
        for (var attempt = 0; attempt < 20 && troubles == 0; attempt++)
        {
            Act("mkdir many; cd many; python3 -c 'for i in range(20000): open(str(i), \"w\").close()'");
            var vanishing = new Thread(() => Tool.Run("/bin/rm", "-r", Path.Combine(Top, "many")));
            vanishing.Start();
            while (vanishing.IsAlive)
            {
                var look = Look(Plan(), new RootBounds(100_000, 0)).Look;
                Assert.Equal(look.Digest is null, look.Trouble.Length > 0);
                troubles += look.Trouble.Contains("could not be looked at", StringComparison.Ordinal) ? 1 : 0;
            }

            vanishing.Join();
        }

        Assert.NotEqual(0, troubles);
    }

    [Fact]
    public void Build_output_of_the_checkout_and_what_runs_write_are_left_out_and_nothing_else()
    {
        var folders = StateFolders.Find(ImmutableDictionary<string, string>.Empty, null, Path.Combine(Top, "var/runs"), Path.Combine(Top, "d/state"));
        var plan = RootPlan.Of("harness-checkout", Top, folders);
        Assert.Equal(["artifacts", "bin", "d/state", "node_modules", "obj", "var/runs"], plan.Excluded.ToArray());
        Act("mkdir var");
        var before = Look(plan);
        Act("mkdir -p artifacts/x bin obj node_modules var/runs/one d/state/work; : > artifacts/x/y; : > d/state/work/file");
        Assert.Equal(before.Look, Look(plan).Look);
        Act("mkdir src src/bin; : > d/other");
        Assert.Equal(["added d/other", "added src", "added src/bin"], Changes(plan, before));
        var other = RootPlan.Of("vendor-source", Top, folders);
        Assert.Equal(["d/state", "var/runs"], other.Excluded.ToArray());
        before = Look(other);
        Act(": > bin/x");
        Assert.Equal(["added bin/x"], Changes(other, before).Where(line => !line.StartsWith("changed", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_is_proved_of_a_place_that_runs_write_to()
    {
        var folders = StateFolders.Find(ImmutableDictionary<string, string>.Empty, null, _root.At("runs"), _root.At("state"));
        Assert.NotEqual("", RootPlan.Of("declared", _root.At("runs"), folders).Trouble);
        Assert.NotEqual("", RootPlan.Of("declared", _root.At("state/work"), folders).Trouble);
        Assert.Equal("", RootPlan.Of("declared", _root.At("runs/old"), folders).Trouble);
        Assert.Equal(["lib/x", "y"], RootPlan.Of("declared", "/var", folders with { State = "/var/lib/x", Runs = "/var/y" }).Excluded.Where(one => one is "lib/x" or "y"));
    }

    [Theory]
    [InlineData(": > .bashrc", "added .bashrc")]
    [InlineData("echo x >> .profile", "changed .profile: size, mtime, ctime")]
    [InlineData("rm .profile", "removed .profile")]
    [InlineData(": > .config/git/hooks/x", "changed .config/git/hooks: mtime, ctime|added .config/git/hooks/x")]
    [InlineData("mkdir .ssh; : > .ssh/config", "added .ssh|added .ssh/config")]
    [InlineData("chmod 777 .config", "changed .config: mode")]
    [InlineData("ln -s /elsewhere .gitconfig", "added .gitconfig")]
    [InlineData(": > .viminfo; mkdir .cache; : > .config/other; touch .", "")]
    public void Of_a_home_only_what_shells_git_and_ssh_start_with_is_looked_at_and_a_new_one_is_a_change(string act, string lines)
    {
        Act("echo x > .profile; mkdir -p .config/git/hooks; ln -s .profile .zshrc");
        var plan = RootPlan.Of("home-startup", Top, StateFolders.Find(ImmutableDictionary<string, string>.Empty, null, null, null));
        var before = Look(plan);
        Assert.Equal(6, before.Look.Entries);
        Act(act);
        Assert.Equal(lines.Split('|', StringSplitOptions.RemoveEmptyEntries), Changes(plan, before));
    }

    [Fact]
    public void Start_up_files_behind_a_link_are_not_followed()
    {
        Act("mkdir dots; mkdir dots/git; ln -s dots .config");
        var plan = RootPlan.Of("home-startup", Top, StateFolders.Find(ImmutableDictionary<string, string>.Empty, null, null, null));
        var before = Look(plan);
        Act("rm .config; ln -s elsewhere .config");
        Assert.Contains("link target", Assert.Single(Changes(plan, before)), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_come_out_in_order_and_the_same_whether_or_not_they_fit_into_memory()
    {
        string? digest = null;
        foreach (var memory in new[] { 1 << 20, 9_000, 40_000 })
        {
            using var sorter = new ManifestSorter(_root.At("spill"), memory);
            foreach (var number in Enumerable.Range(0, 5000))
            {
                sorter.Add(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"n{number * 7919 % 5000}")), default(EntryFacts) with { Kind = 'f', Inode = (ulong)(number * 7919 % 5000) }, []);
            }

            var manifest = _root.At(string.Create(CultureInfo.InvariantCulture, $"sorted-{memory}"));
            var found = ManifestWriter.Write(manifest, sorter.Runs(), CancellationToken.None).ToString();
            Assert.Equal(digest ?? found, found);
            digest = found;
            var paths = FileRun.Entries(manifest).Select(entry => entry.ToString()).ToList();
            Assert.Equal(Enumerable.Range(0, 5000).Select(n => string.Create(CultureInfo.InvariantCulture, $"n{n}")).Order(StringComparer.Ordinal), paths);
            Assert.False(File.Exists(_root.At("spill")));
        }
    }

    [Fact]
    public void A_manifest_that_was_cut_does_not_read_back()
    {
        var manifest = Look(Plan()).Manifest;
        File.WriteAllBytes(manifest, File.ReadAllBytes(manifest)[..^3]);
        Assert.Throws<IOException>(() => FileRun.Entries(manifest).Count());
    }

    public void Dispose() => _root.Dispose();

    // What a folder's own size does, its file system decides.
    private static IEnumerable<string> WithoutSizeOfFolders(IEnumerable<string> lines) =>
        lines.Select(line => line.StartsWith("changed .:", StringComparison.Ordinal) ? line.Replace("size, ", "", StringComparison.Ordinal) : line);

    private static void AssertTrouble(string words, (string Manifest, RootLook Look) seen)
    {
        Assert.Contains(words, seen.Look.Trouble, StringComparison.Ordinal);
        Assert.Equal((null, null), (seen.Look.Digest, seen.Look.Entries));
    }

    [Fact]
    public void A_withheld_value_in_a_name_or_where_a_link_leads_is_replaced_and_a_change_there_still_seen()
    {
        var withheld = ValueSearch.Of([new WithheldValue("TOKEN", "plain-token-value"u8.ToArray())]);
        Act("echo one > a-plain-token-value; ln -s plain-token-value led");
        var (before, after) = (_root.At("before"), _root.At("after"));
        var first = RootDigester.Look(Plan(), before, Wide, withheld, CancellationToken.None);
        Act("echo other > a-plain-token-value");
        var second = RootDigester.Look(Plan(), after, Wide, withheld, CancellationToken.None);
        Assert.Equal(("", ""), (first.Trouble, second.Trouble));
        Assert.DoesNotContain("plain-token-value", File.ReadAllText(before) + File.ReadAllText(after), StringComparison.Ordinal);
        Assert.Contains("a-[withheld:TOKEN]", Assert.Single(ManifestComparison.Between(FileRun.Entries(before), FileRun.Entries(after), 100).Lines), StringComparison.Ordinal);
        Assert.Contains("plain-token-value", File.ReadAllText(Look(Plan()).Manifest), StringComparison.Ordinal);
    }

    private RootPlan Plan() => new("declared", Top, [], [], "");

    private void Act(string act, bool make = false) => Tool.Run("/bin/sh", "-c", make ? $"mkdir '{Top}'; cd '{Top}'; {act}" : $"cd '{Top}'; {act}");

    private RootLook LookAfter(string act)
    {
        Act(act);
        return Look(Plan()).Look;
    }

    private (string Manifest, RootLook Look) Look(RootPlan plan, RootBounds? bounds = null)
    {
        var manifest = _root.At(string.Create(CultureInfo.InvariantCulture, $"manifest-{_looks++}"));
        return (manifest, RootDigester.Look(plan, manifest, bounds ?? Wide, ValueSearch.None, CancellationToken.None));
    }

    private string[] Changes(RootPlan plan, (string Manifest, RootLook Look) before, RootBounds? bounds = null)
    {
        var after = Look(plan, bounds);
        Assert.Equal(("", ""), (before.Look.Trouble, after.Look.Trouble));
        var lines = ManifestComparison.Between(FileRun.Entries(before.Manifest), FileRun.Entries(after.Manifest), 100).Lines;
        Assert.Equal(lines.IsEmpty, before.Look.Digest == after.Look.Digest);
        return [.. lines];
    }
}
