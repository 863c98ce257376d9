using System.Text;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

/// <summary>What a hostile backend may leave: each time the run ends by itself, in little memory, and nothing is followed or shown raw.</summary>
[Trait("Mission", "M18")]
public sealed class HostileWorkspaceTests
{
    private const long MostMemory = 200 << 20;
    private const string Secret = "content-of-a-file-outside-that-nobody-may-take";

    // The name of 255 bytes and the path of 4 KB have newlines and escapes in them.
    private const string Deep = """
        python3 - <<'E'
        import os
        odd = "\n\033[31m\007"
        open((odd * 40)[:255], "w").close()
        for i in range(15):
            os.mkdir((odd * 40)[:255])
            os.chdir((odd * 40)[:255])
        for i in range(100):
            open(f"{i:03d}" + (odd * 40)[:250], "w").close()
        E

        """;

    private const string Levels = """
        python3 - <<'E'
        import os
        for i in range(5000):
            os.mkdir("d")
            os.chdir("d")
        open("deepest", "w").close()
        E

        """;

    [Theory]
    [InlineData("mkfifo pipe", "disallowed-file")]
    [InlineData("mkdir __pycache__; mkfifo __pycache__/pipe", "disallowed-file")]
    [InlineData("python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'", "disallowed-file")]
    [InlineData("truncate -s 200M a b c", "budget-exceeded")]
    [InlineData("truncate -s 1T huge; truncate -s 268435456 a; truncate -s 268435456 b", "budget-exceeded")]
    [InlineData(Levels, "budget-exceeded")]
    [InlineData(Deep, "disallowed-file")]
    [InlineData("cp /bin/true set; chmod u+s set; cp /bin/true get; chmod 2755 get; mkdir folder; chmod 7777 folder", "disallowed-file")]
    [InlineData("ln README.md one; ln README.md two; ln strings.py three", "disallowed-file")]
    [InlineData("ln -s \"$OUTSIDE\" file; ln -s / root; ln -s .. up; ln -s self self; ln -s /proc/self/environ env; mkdir a; ln -s ../.. a/b", "disallowed-file")]
    [InlineData("rm README.md; ln -s \"$OUTSIDE\" README.md; rm strings.py; ln -s \"$OUTSIDE\" strings.py", "disallowed-file")]
    [InlineData("chmod 0 README.md; mkdir shut; echo x > shut/x; chmod 0 shut; mkdir half; echo x > half/x; chmod 400 half", "disallowed-file")]
    public void A_run_ends_and_fails_whatever_is_left(string left, string code)
    {
        foreach (var isJson in new[] { false, true })
        {
            using var root = new TempRoot();
            root.Write("secret", Secret);
            var command = root.Backend($"OUTSIDE={root.At("secret")}\n{Scripts.RightWork}{left}", isJson ? ["--json"] : []);
            var bundle = End(command, 1);
            Assert.Equal("fail", bundle.Status);
            Assert.Contains(code, bundle.Codes);
            AssertNothingFollowed(bundle);
            AssertShownSafely(root);
        }
    }

    [Fact]
    public void What_an_ordinary_user_cannot_read_back_is_named_and_the_rest_is_read()
    {
        using var user = new OrdinaryUser();
        using var root = new TempRoot();
        var bundle = End(user.Of(root.Backend(Scripts.RightWork + "chmod 0 README.md; mkdir shut half; echo x > shut/x; echo x > half/x; chmod 0 shut; chmod 400 half; mkfifo pipe; ln -s / out")), 1);
        Assert.Equal(["README.md", "half", "out", "pipe", "shut"], bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()));
        foreach (var note in new[] { "file became unreadable file", "added unreadable folder", "added FIFO", "added link" })
        {
            Assert.Contains(note, bundle.Text("report.md"), StringComparison.Ordinal);
        }

        TreeDigest.AssertPatchGivesIt(root, bundle);
    }

    [Fact]
    public void Devices_cannot_be_made_at_all()
    {
        using var root = new TempRoot();
        var bundle = End(root.Backend(Scripts.RightWork + "mknod zero c 1 5; echo $?; mknod disk b 7 200; echo $?"), 0);
        Assert.Equal("1\n1\n", bundle.Text("backend/stdout.log"));
        bundle.Expect("pass");
    }

    [RootFact]
    public void Control_root_makes_them_outside()
    {
        using var root = new TempRoot();
        Tool.Run("mknod", root.At("zero"), "c", "1", "5");
    }

    [Fact]
    public void A_file_of_a_terabyte_is_refused_unread_where_the_limit_lets_it_be_made()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "file_bytes: 268435456", "file_bytes: 1099511627776");
        var bundle = End(root.Backend(Scripts.RightWork + "truncate -s 1T huge; ls -l huge"), 1);
        Assert.Contains("1099511627776", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        bundle.Expect("fail", "budget-exceeded", "missing-required-event");
    }

    [Theory]
    [InlineData(99_996, 70, 0)]
    [InlineData(99_997, 70, 1)]
    public void A_hundred_thousand_entries_with_long_names_are_collected_and_one_more_is_refused(int files, int length, int exit)
    {
        using var root = new TempRoot();
        var bundle = End(root.Backend(Scripts.RightWork + Many(files, length, "__pycache__")), exit);
        if (exit == 0)
        {
            bundle.Expect("pass");
            Assert.Contains(bundle.Report["findings"]!.AsArray(), one => one!["message"]!.GetValue<string>().StartsWith("99996 by-product", StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal("budget-exceeded", bundle.Codes[0]);
            Assert.Contains("more than 100000 entries", bundle.Messages, StringComparison.Ordinal);
        }

        AssertShownSafely(root);
    }

    [Theory]
    [InlineData(24_999, 40, ".", "disallowed-file")]
    [InlineData(25_001, 40, ".", "budget-exceeded")]
    public void As_many_disallowed_files_as_a_report_holds_are_listed_and_more_are_refused(int files, int length, string folder, string code)
    {
        using var root = new TempRoot();
        Assert.Equal(code, End(root.Backend(Scripts.RightWork + Many(files, length, folder)), 1).Codes[0]);
        AssertShownSafely(root);
    }

    [Fact]
    public void Two_thousand_paths_of_four_kilobytes_are_collected_and_three_thousand_refused()
    {
        var way = string.Join('/', Enumerable.Repeat(new string('d', 255), 14)) + "/__pycache__";
        using var root = new TempRoot();
        End(root.Backend(Scripts.RightWork + Many(2_000, 250, way)), 0).Expect("pass");
        using var other = new TempRoot();
        var bundle = End(other.Backend(Scripts.RightWork + Many(3_000, 250, way)), 1);
        Assert.Equal("budget-exceeded", bundle.Codes[0]);
        Assert.Contains("its paths have more than", bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Tier", "Long")]
    public void Three_hundred_thousand_entries_are_refused()
    {
        using var root = new TempRoot();
        var bundle = End(root.Backend(Scripts.RightWork + Many(300_000, 70, "__pycache__")), 1);
        Assert.Equal("budget-exceeded", bundle.Codes[0]);
    }

    [Fact]
    public void Control_a_careless_reader_hangs_on_the_FIFO_and_reads_what_a_link_points_to()
    {
        using var root = new TempRoot();
        root.Write("secret", Secret);
        var folder = Directory.CreateDirectory(root.At("careless")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "file"), root.At("secret"));
        Assert.Contains(Secret, Careless(folder).Text, StringComparison.Ordinal);
        Tool.Run("mkfifo", Path.Combine(folder, "pipe"));
        Assert.Equal(124, Careless(folder).Exit);
    }

    [Fact]
    public void Control_a_careless_reader_misses_what_lies_deep_and_prints_names_raw()
    {
        using var root = new TempRoot();
        var folder = Directory.CreateDirectory(root.At("careless")).FullName;
        Tool.Run("/bin/sh", "-c", $"cd '{folder}'\n{Levels}");
        Assert.DoesNotContain("deepest", Careless(folder).Text, StringComparison.Ordinal);
        Tool.Run("/bin/sh", "-c", $"cd '{folder}'\nprintf x > \"$(printf '\\033[31m')\"");
        Assert.Contains('\u001b', Careless(folder).Text);
    }

    private static (int Exit, string Text) Careless(string folder) => Tool.Try("timeout", "8", "python3", "-c", """
        import os, sys
        for folder, folders, files in os.walk(sys.argv[1]):
            for name in files:
                print(name, open(os.path.join(folder, name)).read())
        """, folder);

    private static string Many(int files, int length, string folder) => $$"""
        mkdir -p '{{folder}}'
        python3 - <<'E'
        import os
        for part in "{{folder}}".split("/"):
            os.chdir(part)
        for i in range({{files}}):
            open((f"{i:06d}" + "\n\033[31m" * {{length}})[:{{length}}], "w").close()
        E

        """;

    private static Bundle End(HarnessCommand command, int exit)
    {
        using var running = (command with { Limit = TimeSpan.FromMinutes(4) }).Start();
        var finished = running.Wait().Expect(exit);
        Survivors.AssertNone(command.Root.Marker);
        Assert.True(running.PeakMemory is > 0 and < MostMemory, $"{running.PeakMemory} bytes");
        AssertPlain(finished);
        command.Root.AssertNoScratch();
        return finished.Bundle();
    }

    private static void AssertShownSafely(TempRoot root)
    {
        foreach (var words in new[] { new[] { "show", "latest" }, ["show", "latest", "--json"], ["runs"] })
        {
            AssertPlain(root.Command(words).Run().Expect(0));
        }
    }

    private static void AssertPlain(Finished finished) =>
        Assert.DoesNotContain(finished.Text + finished.Error, c => char.IsControl(c) && c is not ('\n' or '\t'));

    private static void AssertNothingFollowed(Bundle bundle) =>
        Assert.All(Directory.GetFiles(bundle.Folder, "*", SearchOption.AllDirectories), path =>
            Assert.Equal(-1, File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret))));
}
