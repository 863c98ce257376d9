using CtoHarness.Tests.Linux.Confinement;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Signing;

[Trait("Mission", "M20")]
public sealed class KeysCommandTests : IDisposable
{
    private const string InSmallFolder = """
        mkdir -p "$1" && mount -t tmpfs -o size=64k,mode=700 none "$1" || exit 99
        eval "$2"
        folder=$1
        shift 2
        "$@"
        code=$?
        find "$folder" -type f ! -name fill >&2
        exit $code
        """;

    private readonly TempRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_key_goes_from_its_owner_to_whoever_trusts_it_and_is_retired()
    {
        var created = Keys("create").Run().Expect(0).Text;
        var pem = Keys("export").Run().Expect(0).Text;
        _root.Write("vendor.pub", pem);
        var id = Tool.Run("/bin/sh", "-c", $"openssl pkey -pubin -in {_root.At("vendor.pub")} -outform DER | sha256sum")[..64];
        Assert.Contains($"id {id}\n", created, StringComparison.Ordinal);

        var there = Keys("trust", _root.At("vendor.pub")).Set("CTO_HARNESS_KEYS_DIR", _root.At("auditor"));
        Assert.StartsWith("trusted vendor\n", there.Run().Expect(0).Text, StringComparison.Ordinal);
        Assert.Equal(pem, (there with { Words = ["keys", "export", "vendor"] }).Run().Expect(0).Text);
        (there with { Words = ["keys", "retire", "vendor"] }).Run().Expect(0);
        var listed = (there with { Words = ["keys", "list", "--json"] }).Run().Expect(0);
        Schemas.Assert(_root, "key-list.v1.json", listed.Output);
        var only = Assert.Single(listed.Json["keys"]!.AsArray())!;
        Assert.Equal(("retired", id), (only["use"]!.GetValue<string>(), only["id"]!.GetValue<string>()));
    }

    // Somebody who sends a folder may have put keys into it.
    [Theory]
    [InlineData("/nonexistent")]
    [InlineData("relative")]
    [InlineData(".")]
    public void No_key_is_taken_from_the_working_folder(string home)
    {
        var pem = Keys("create").Run().Expect(0).Text.Length > 0 ? Keys("export").Run().Expect(0).Text : "";
        foreach (var place in new[] { "sent", "sent/relative" })
        {
            Keys("trust", "-", "--keys-dir", _root.At($"{place}/.config/cto-harness/keys"), "--name", "theirs").Under("/bin/sh", "-c", $"printf '%s' '{pem}' | \"$@\"", "sh").Run().Expect(0);
        }

        var listed = (Keys("list", "--json").Set("HOME", home) with { Folder = _root.At("sent") }).Run().Expect(0);
        Assert.DoesNotContain("theirs", listed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_is_the_options_then_the_variables_then_the_configurations()
    {
        Keys("create").Run().Expect(0);
        Assert.True(File.Exists(_root.At("home/.config/cto-harness/keys/own/harness.key")));
        Keys("create").Set("XDG_CONFIG_HOME", _root.At("configuration")).Run().Expect(0);
        Assert.True(File.Exists(_root.At("configuration/cto-harness/keys/own/harness.key")));
        Keys("create", "--name", "second").Set("CTO_HARNESS_KEYS_DIR", _root.At("variable")).Run().Expect(0);
        Assert.True(File.Exists(_root.At("variable/own/second.key")));
        Keys("create", "--keys-dir", _root.At("option")).Set("CTO_HARNESS_KEYS_DIR", _root.At("variable")).Run().Expect(0);
        Assert.True(File.Exists(_root.At("option/own/harness.key")));
    }

    [Fact]
    public void Two_processes_at_once_leave_one_key()
    {
        var commands = Enumerable.Range(0, 4).Select(_ => Keys("create").Start()).ToList();
        var finished = commands.ConvertAll(command => command.Wait());
        commands.ForEach(command => command.Dispose());
        Assert.Equal([0, 2, 2, 2], finished.Select(one => one.Exit).Order());
        Assert.Single(Directory.GetFileSystemEntries(_root.At("home/.config/cto-harness/keys/own")));
        Assert.All(finished.Where(one => one.Exit == 2), one => Assert.Contains("already", one.Error, StringComparison.Ordinal));
        var id = Keys("list", "--json").Run().Expect(0).Json["keys"]![0]!["id"]!.GetValue<string>();
        Assert.Contains(id, finished.Single(one => one.Exit == 0).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_private_key_is_never_taken_for_one_to_trust_and_never_printed()
    {
        Keys("create").Run().Expect(0);
        var path = _root.At("home/.config/cto-harness/keys/own/harness.key");
        var secret = File.ReadAllLines(path)[1];
        foreach (var finished in new[] { Keys("trust", path).Run().Expect(2), Keys("trust", "-", "--name", "x").Under("/bin/sh", "-c", "exec \"$@\" <\"$0\"", path).Run().Expect(2) })
        {
            Assert.Contains("private key", finished.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, finished.Text + finished.Error, StringComparison.Ordinal);
        }

        foreach (var words in new[] { new[] { "export" }, ["list"], ["list", "--json"], ["retire", "harness"] })
        {
            Assert.DoesNotContain(secret, Keys(words).Run().Expect(0).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("create")]
    [InlineData("list")]
    [InlineData("export")]
    [InlineData("trust")]
    [InlineData("retire")]
    public void Each_verb_has_an_example_of_its_own(string verb) =>
        Assert.Contains($"Example:\n  cto-harness keys {verb}", Keys(verb, "--help").Run().Expect(0).Text, StringComparison.Ordinal);

    [Fact]
    public void A_key_comes_from_standard_input()
    {
        Keys("create").Run().Expect(0);
        _root.Write("a key", Keys("export").Run().Expect(0).Text);
        var read = Keys("trust", "-").Set("CTO_HARNESS_KEYS_DIR", _root.At("auditor")).Under("/bin/sh", "-c", "exec \"$@\" <\"$0\"", _root.At("a key"));
        Assert.StartsWith("trusted key-", read.Run().Expect(0).Text, StringComparison.Ordinal);
        Keys("trust", "-").Under("/bin/sh", "-c", "exec \"$@\" </dev/zero", "sh").Run().Expect(2);
    }

    [Theory]
    [InlineData("create --name ../up")]
    [InlineData("create --name Harness")]
    [InlineData("create --keys-dir /etc")]
    [InlineData("create --keys-dir /")]
    [InlineData("create --keys-dir RUNS/keys")]
    [InlineData("create --keys-dir WORK/keys")]
    [InlineData("create --keys-dir CHECKOUT/keys")]
    [InlineData("export")]
    [InlineData("export ../../home")]
    [InlineData("retire harness")]
    [InlineData("retire")]
    [InlineData("trust")]
    [InlineData("trust /no/such/file")]
    [InlineData("trust /dev/zero")]
    [InlineData("trust /etc/passwd")]
    [InlineData("more")]
    [InlineData("")]
    public void Words_that_mean_nothing_end_with_2_and_make_nothing(string line)
    {
        string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word
            .Replace("RUNS", _root.Runs, StringComparison.Ordinal).Replace("WORK", _root.Work, StringComparison.Ordinal).Replace("CHECKOUT", Repository.At("."), StringComparison.Ordinal))];
        var finished = Keys(words).Run().Expect(2);
        Assert.Empty(finished.Text);
        Assert.NotEmpty(finished.Error);
        Assert.False(Directory.Exists(_root.At("home/.config")));
        Assert.False(Directory.Exists(Repository.At("keys")));
    }

    [Fact]
    public void A_file_that_is_not_used_is_listed_as_a_problem_and_the_others_as_keys()
    {
        Keys("create").Run().Expect(0);
        Keys("create", "--name", "other").Run().Expect(0);
        Tool.Run("/bin/chmod", "644", _root.At("home/.config/cto-harness/keys/own/other.key"));
        var finished = Keys("list", "--json").Run().Expect(1);
        Schemas.Assert(_root, "key-list.v1.json", finished.Output);
        Assert.Single(finished.Json["keys"]!.AsArray());
        Assert.Contains("chmod 600", finished.Json["problems"]![0]!["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("chmod 600", finished.Error, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("head -c 65536 /dev/zero >\"$1/fill\"")]
    [InlineData("mount -o remount,ro \"$1\"")]
    public void A_folder_that_is_full_or_cannot_be_written_keeps_no_half_of_a_key(string act)
    {
        var finished = Keys("create").Set("CTO_HARNESS_KEYS_DIR", _root.At("small"))
            .Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", InSmallFolder, "sh", _root.At("small"), act).Run().Expect(4);
        Assert.Contains("--keys-dir", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n" + _root.At("small"), finished.Error, StringComparison.Ordinal);
    }

    [RootFact]
    public void Control_the_same_folder_with_room_keeps_one()
    {
        var finished = Keys("create").Set("CTO_HARNESS_KEYS_DIR", _root.At("small"))
            .Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", InSmallFolder, "sh", _root.At("small"), ":").Run().Expect(0);
        Assert.Contains(_root.At("small/own/harness.key"), finished.Error, StringComparison.Ordinal);
    }

    [RootTheory]
    [InlineData("elsewhere", 0)]
    [InlineData("home/.config/cto-harness/keys", 1)] // the control: nobody said that keys are elsewhere
    public void A_backend_finds_no_key_wherever_they_are(string said, int seen)
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Command("keys", "create").Run().Expect(0);
        Tool.Run("/bin/cp", "-a", root.At("home/.config/cto-harness/keys"), root.At("elsewhere"));

        // Only the copy can be read by everybody: with the key itself nothing would be sealed.
        Tool.Run("/bin/cp", root.At("elsewhere/own/harness.key"), root.At("elsewhere/own/copy"));
        Tool.Run("/bin/chmod", "a+rx", root.At("elsewhere"), root.At("elsewhere/own"), root.At("elsewhere/own/copy"));
        var bundle = root.Backend($"cat '{root.At("elsewhere/own/copy")}'; exit 0").Set("CTO_HARNESS_KEYS_DIR", root.At(said)).Run().Bundle();
        Assert.True(bundle.Report["backend_process_started"]!.GetValue<bool>(), bundle.Messages);
        Assert.Equal(seen, bundle.Text("backend/stdout.log").Split("BEGIN PRIVATE KEY").Length - 1);
    }

    [Fact]
    public void A_run_with_its_keys_where_backends_look_is_not_made() =>
        Assert.Contains("--keys-dir", _root.Run().Set("CTO_HARNESS_KEYS_DIR", _root.At("state/work/keys")).Run().Expect(2).ExpectNoBundle().Error, StringComparison.Ordinal);

    private HarnessCommand Keys(params string[] words) => _root.Command(["keys", .. words]);
}
