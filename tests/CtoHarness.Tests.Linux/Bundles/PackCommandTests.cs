using System.Security.Cryptography;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

[Trait("Mission", "M20")]
public sealed class PackCommandTests : IDisposable
{
    private readonly SomeBundle _bundle = new();
    private readonly TempRoot _root = new();

    [Fact]
    public void A_run_is_packed_by_its_name_and_verified_from_the_pack()
    {
        var bundle = _root.Run().Run().Expect(0).Bundle();
        var named = _root.Command("pack", "latest", "--json").Run().Expect(0);
        var pack = _root.At(Path.GetFileName(bundle.Folder) + ".tar.gz");
        Assert.Equal(pack, named.Json["path"]!.GetValue<string>());
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(pack))), named.Json["sha256"]!.GetValue<string>());
        Assert.True(named.Json["sealed"]!.GetValue<bool>());
        var told = _root.Command("verify", pack).Run().Expect(0).Text;
        Assert.Contains("accepted", told, StringComparison.Ordinal);
        Assert.All(["fixture", "policy", "harness"], what => Assert.Contains(bundle.Report["freshness"]!["digests"]![what]!.GetValue<string>(), told, StringComparison.Ordinal));

        // By another user, from another folder, under another name: the same bytes.
        Tool.Run("/bin/cp", "-R", bundle.Folder, _root.At("a-copy"));
        _root.Command("pack", _root.At("a-copy"), "--output", _root.At("again.tar.gz")).Run().Expect(0);
        Assert.Equal(File.ReadAllBytes(pack), File.ReadAllBytes(_root.At("again.tar.gz")));

        File.AppendAllText(Path.Combine(_root.At("a-copy"), "patch.diff"), "\n");
        _root.Command("pack", _root.At("a-copy"), "--output", _root.At("changed.tar.gz")).Run().Expect(0);
        _root.Command("verify", _root.At("changed.tar.gz")).Run().Expect(1);
    }

    [Fact]
    public void A_folder_that_lies_here_needs_no_path_and_a_run_of_that_name_comes_first()
    {
        var bundle = _root.Run().Run().Expect(0).Bundle();
        Tool.Run("/bin/cp", "-R", bundle.Folder, _root.At("a-copy"));
        Assert.Contains("accepted  a-copy", _root.Command("verify", "a-copy").Run().Expect(0).Text, StringComparison.Ordinal);

        var name = Path.GetFileName(bundle.Folder);
        Directory.Move(_root.At("a-copy"), _root.At(name));
        File.AppendAllText(Path.Combine(_root.At(name), "patch.diff"), "\n");
        Assert.Contains($"accepted  {bundle.Folder}", _root.Command("verify", name).Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.Contains("patch.diff", _root.Command("verify", "./" + name).Run().Expect(1).Text, StringComparison.Ordinal);
        Assert.Contains("no run of that name", _root.Command("verify", "nothing").Run().Expect(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ln -s report.json link", "link: a link")]
    [InlineData("mkfifo f", "f: a FIFO")]
    [InlineData("rm report.json", "no report.json that names its run")]
    [InlineData("echo '{\"run_id\":\"../../etc\"}' > report.json", "no report.json that names its run")]
    public void What_is_no_sound_bundle_is_not_packed(string script, string why)
    {
        Tool.Run("/bin/sh", "-c", $"cd \"$1\" && {script}", "sh", _bundle.Folder);
        Assert.Contains(why, Pack().Run().Expect(2).Error, StringComparison.Ordinal);
        AssertNothingBeside();
    }

    [Fact]
    public void A_pack_that_is_there_is_replaced_only_on_demand()
    {
        File.WriteAllText(_bundle.Pack, "mine");
        Assert.Contains("is there already", Pack().Run().Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_bundle.Pack));
        Pack("--force").Run().Expect(0);
        Assert.Empty(_bundle.ReadPack().Odd);
    }

    [Theory]
    [InlineData("ln -s /etc/passwd \"$1\"", "is a link")]
    [InlineData("mkfifo \"$1\"", "is a FIFO")]
    [InlineData("mkdir \"$1\"", "is a folder")]
    public void What_is_no_file_is_never_replaced(string script, string why)
    {
        Tool.Run("/bin/sh", "-c", script, "sh", _bundle.Pack);
        Assert.Contains(why, Pack("--force").Run().Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_within_the_bundle_would_change_it()
    {
        Assert.Contains("which it would change", _root.Command("pack", _bundle.Folder, "--output", _bundle.At("backend/p.tar.gz")).Run().Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("no folder for", _root.Command("pack", _bundle.Folder, "--output", "/no/such/p.tar.gz").Run().Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unfinished_run_is_not_packed()
    {
        using (var running = Interrupts.SleepingRun.InBackend(_root))
        {
            var name = Path.GetFileName(Directory.GetDirectories(_root.Runs).Single())[1..^".unfinished".Length];
            Assert.Contains("goes on", _root.Command("pack", name).Started().Expect(4).Error, StringComparison.Ordinal);
            running.Signal("KILL");
            running.Wait().Expect(137);
            Assert.Contains("not closed", _root.Command("pack", name).Started().Expect(4).Error, StringComparison.Ordinal);
        }

        _root.Command("runs", "repair").Run().Expect(0);
    }

    [RootFact]
    public void A_full_disk_leaves_nothing_of_a_pack()
    {
        _bundle.Write("backend/raw/1", RandomNumberGenerator.GetBytes(3 << 20));
        const string script = "mkdir -p \"$1\" && mount -t tmpfs -o size=1m none \"$1\" && shift && \"$@\"; code=$?; ls -A \"$PACKS\"; exit $code";
        var finished = _root.Command("pack", _bundle.Folder, "--output", _root.At("small/p.tar.gz")).Set("PACKS", _root.At("small"))
            .Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh", _root.At("small")).Run().Expect(4);
        Assert.Equal("", finished.Text);
        Assert.Contains("was not packed", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_leaves_nothing_of_a_pack()
    {
        Tool.Run("/usr/bin/truncate", "-s", "60G", _bundle.At("backend/big.log"));
        using (var running = Pack().Start())
        {
            Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(_bundle.Around, "*.unfinished").Length > 0, TimeSpan.FromSeconds(30)));
            running.Signal("TERM");
            running.Wait().Expect(143);
        }

        AssertNothingBeside();
    }

    [Theory]
    [InlineData("no-such-run")]
    [InlineData("../up")]
    [InlineData("/no/such/folder")]
    [InlineData("")]
    [InlineData("latest --output=")]
    public void Words_that_name_nothing_end_with_2(string line) => Assert.NotEmpty(_root.Command(["pack", .. line.Split(' ')]).Run().Expect(2).Error);

    public void Dispose()
    {
        _bundle.Dispose();
        _root.Dispose();
    }

    private HarnessCommand Pack(params string[] words) => _root.Command(["pack", _bundle.Folder, "--output", _bundle.Pack, .. words]);

    private void AssertNothingBeside() => Assert.Equal([_bundle.Folder], Directory.GetFileSystemEntries(_bundle.Around));
}
