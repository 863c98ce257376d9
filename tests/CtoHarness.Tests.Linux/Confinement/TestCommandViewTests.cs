using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M15")]
public sealed class TestCommandViewTests
{
    // What the backend's code may try when the test command imports it.
    private const string Search = """
        import os
        found = []
        for root in ROOTS:
            for top, folders, files in os.walk(root):
                folders[:] = [one for one in folders if one not in ("artifacts", ".git", "__pycache__")]
                for name in files:
                    try:
                        with open(os.path.join(top, name), "rb") as file:
                            text = file.read(200000)
                    except OSError:
                        continue
                    if b"unicodedata.norm" + b"alize(" in text and b"def slug" + b"ify" in text or b"cto-harness/cas" + b"es/v1" in text or b"cto-harness/che" + b"ats/v1" in text or b"the-quick-" + b"brown-fox" in text or b"cto-harness/rep" + b"ort/v1" in text:
                        found.append(os.path.join(top, name))
        for process in os.listdir("/proc"):
            for name in ("cmdline", "environ"):
                try:
                    with open("/proc/" + process + "/" + name, "rb") as file:
                        if b"the-quick-" + b"brown-fox" in file.read():
                            found.append(process + "/" + name)
                except OSError:
                    continue
        print("FOUND", found)
        """;

    [RootFact]
    public void The_code_under_test_finds_no_solution_no_expected_answer_no_cheat_and_no_bundle()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Run().Run().Expect(0).Bundle();
        Directory.Move(root.Runs, root.At("runs-before"));
        Directory.CreateDirectory(root.Runs);
        Directory.Move(root.At("runs-before"), root.At("runs/20200101T000000Z-before-1"));
        root.OpenToAll();
        Tool.Run("/bin/chmod", "711", root.State);
        var logs = LogsOfSearch(root);
        Assert.All(logs, log => Assert.Contains("FOUND []", log, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void The_code_under_test_makes_no_socket_that_could_reach_one_of_the_machine()
    {
        using var root = new TempRoot();
        root.Write("more.py", """
            import socket
            for make in (lambda: socket.socket(socket.AF_UNIX), lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM), lambda: socket.socketpair()):
                try:
                    make()
                    print("MADE")
                except OSError as refusal:
                    print("REFUSED", refusal.errno)

            """);
        var more = File.ReadAllText(root.At("more.py"));
        var bundle = root.Backend($"{Outcomes.Scripts.RightWork}cat >> strings.py <<'PY'\n{more}PY\n").Run().Expect(0).Bundle().Expect("pass");
        Assert.All(["test.log", "verification.log"], log => Assert.Contains("REFUSED 97\nREFUSED 97\nMADE\n", bundle.Text(log), StringComparison.Ordinal));
    }

    [RootFact]
    public void The_usual_state_folder_is_hidden_although_the_run_has_another()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Write("state/work/other-run/solution.py", "secret of another run");
        Tool.Run("/bin/chmod", "-R", "a+rX", root.State);
        Directory.CreateDirectory(root.At("elsewhere"));
        File.SetUnixFileMode(root.At("elsewhere"), (UnixFileMode)0b111_001_001);
        var bundle = root.Backend($"cp \"$1/strings.py\" .; ls -R '{root.State}'; cat '{root.State}'/work/*/solution.py", "--state-dir", root.At("elsewhere")).Run().Expect(0).Bundle();
        Assert.DoesNotContain("solution.py", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
    }

    [RootFact]
    public void Control_outside_the_sandbox_the_same_code_finds_them()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        root.Write("search.py", $"ROOTS = ['{root.Folder}']\n{Search}");
        var said = Tool.Run("python3", root.At("search.py"));
        Assert.Contains("solution/strings.py", said, StringComparison.Ordinal);
        Assert.Contains("verify/cases.yaml", said, StringComparison.Ordinal);
    }

    [Fact]
    public void The_code_under_test_sees_nothing_that_the_backend_left_outside_of_the_allowed_files()
    {
        using var root = new TempRoot();
        var log = root.Backend(Outcomes.Scripts.RightWork + """
            echo left > /tmp/left; echo left > /var/tmp/left; echo left > "$HOME/left"; echo left > ../out/left; echo left > /dev/shm/left
            mkdir -p "$HOME/.local/lib/python3/site-packages"
            printf '\nimport glob, os\nprint("LEFT", [p for p in ("/tmp/left", "/var/tmp/left", os.environ["HOME"] + "/left", "/dev/shm/left", "%s") if os.path.exists(p)])\n' "$PWD/../out/left" >> strings.py
            """).Run().Expect(0).Bundle().Text("test.log");
        Assert.Contains("LEFT []", log, StringComparison.Ordinal);
    }

    // This test's folders, the checkout, and every place where a sandbox could keep something.
    private static string SearchIn(TempRoot root) =>
        $"import os\nROOTS = ['{root.Folder}', '{Repository.Root}', '/tmp', '/var/tmp', '/home', '/root', '/run', os.getcwd() + '/../..']\n{Search}";

    // The code runs twice: beside the test command, and where its outputs are compared.
    private static string[] LogsOfSearch(TempRoot root)
    {
        var script = $"cp \"$1/strings.py\" .\ncat > search.txt <<'PY'\n{SearchIn(root)}\nPY\nsed -i 's/unicodedata.normalize(/getattr(unicodedata, \"normalize\")(/' strings.py\ncat search.txt >> strings.py\nrm search.txt\n";
        var bundle = root.Backend(script).Run().Newest();
        return [bundle.Text("test.log"), bundle.Text("verification.log")];
    }
}
