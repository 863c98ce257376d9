using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Verification;

/// <summary>What a backend leaves beside the right work: refused here, while a judge that believes exit codes would have passed it.</summary>
[Trait("Mission", "M15")]
public sealed class LeftoverTests
{
    private const string Tests = "python3 -m unittest discover -s . -p 'test_*.py'";

    public static TheoryData<string, string, string> Leftovers => new()
    {
        { "FIFO", "mkfifo pipe", "disallowed-file" },
        { "socket", "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'", "disallowed-file" },
        { "link to the outside", "ln -s /etc/passwd link", "disallowed-file" },
        { "hard link", "ln strings.py twin.py", "disallowed-file" },
        { "setuid file", "cp /bin/true helper && chmod u+s helper", "disallowed-file" },
        { "nested repository", "mkdir inner && git init -q inner", "disallowed-file" },
        { "git hook folder", "mkdir hooks && printf '#!/bin/sh\\n' > hooks/pre-commit && git -c safe.directory='*' config core.hooksPath hooks", "disallowed-file" },
        { "sparse file beyond the limit", "truncate -s 200M huge", "budget-exceeded" },
        { "folders nested too deep", "python3 -c 'import os\nfor _ in range(200): os.mkdir(\"d\"); os.chdir(\"d\")'", "budget-exceeded" },
        { "name with newline and escape", "printf x > \"$(printf 'a\\n\\033[31mb')\"", "disallowed-file" },
        { "special file among by-products", "mkdir -p __pycache__ && mkfifo __pycache__/pipe", "disallowed-file" },
    };

    [Theory]
    [MemberData(nameof(Leftovers))]
    public void A_leftover_beside_the_right_work_is_refused_and_a_judge_by_exit_codes_would_have_passed_it(string name, string act, string breach)
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "file_bytes: 268435456", "file_bytes: 209715200");
        root.Edit("harness/policy.yaml", "workspace_bytes: 536870912", "workspace_bytes: 104857600");
        var bundle = root.Backend($"cp \"$1/strings.py\" .\n{act}\n{Tests} && echo BELIEVED\n").Run().Expect(1).Bundle();
        Assert.Equal(("fail", breach), (bundle.Status, bundle.Codes[0]));
        Assert.Contains("BELIEVED", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.Contains($"| `{name}` | `{breach}` |", File.ReadAllText(Repository.At("docs", "threat-model.md")), StringComparison.Ordinal);
        root.AssertNoScratch();
    }
}
