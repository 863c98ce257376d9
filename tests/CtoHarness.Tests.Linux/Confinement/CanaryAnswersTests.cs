using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M11")]
public sealed class CanaryAnswersTests
{
    private static readonly CanaryTries Tries = new(
        [("/hidden/made", false), ("/shown/made", true)], ["/secret/one", "/secret/two"], ["/root/workspace", "/tmp"], 4000, "/hidden/socket", "bait", 4321, 5000, "token", 64_000);

    private static readonly string[] Right =
    [
        "connect-out 111", "dns-out 101", "unix-socket 2", "abstract-socket 1", "signal 3", "ptrace 1", "user-namespace 1", "io-uring 38",
        "mount 1", "set-namespace 1", "change-root 1", "process-memory 1", "keys 1", "privileges 0", "user 64000",
        "write-outside/0 2", "write-outside/1 30", "read-masked/0 2", "read-masked/1 -1", "write-inside/0 0", "write-inside/1 0", "reach-gateway 0",
        "namespace-cgroup cgroup:[2]", "namespace-ipc ipc:[2]", "namespace-mnt mnt:[2]", "namespace-net net:[2]", "namespace-pid pid:[2]", "namespace-user user:[2]", "namespace-uts uts:[2]",
    ];

    [Fact]
    public void Where_all_came_out_as_it_must_every_check_passes()
    {
        var answers = Read(Right);
        Assert.All(answers.Checks, check => Assert.True(check.Passed, check.ToString()));
        Assert.Equal("cgroup ipc mnt net pid user uts", string.Join(' ', answers.Namespaces));
        Assert.Equal(
            ["write-outside", "read-masked", "connect-out", "dns-out", "unix-socket", "abstract-socket", "signal", "ptrace", "user-namespace", "io-uring", "mount", "set-namespace", "change-root", "process-memory", "keys", "privileges", "write-inside", "reach-gateway", "namespaces", "user", "answers"],
            answers.Checks.Select(check => check.Name));
        Assert.StartsWith("tried to make /hidden/made: No such file or directory; /shown/made: Read-only file system", answers.Checks[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("write-outside/0 0", "write-outside")]
    [InlineData("write-outside/1 0", "write-outside")]
    [InlineData("write-outside/1 2", "write-outside")] // the folder is shown: that it is not there shows nothing
    [InlineData("write-outside/0 24", "write-outside")] // no refusal, but trouble of the canary's own
    [InlineData("read-masked/0 0", "read-masked")]
    [InlineData("read-masked/1 0", "read-masked")]
    [InlineData("read-masked/1 24", "read-masked")]
    [InlineData("connect-out 0", "connect-out")]
    [InlineData("connect-out 115", "connect-out")]
    [InlineData("dns-out 0", "dns-out")]
    [InlineData("dns-out 111", "dns-out")]
    [InlineData("unix-socket 0", "unix-socket")]
    [InlineData("unix-socket 22", "unix-socket")]
    [InlineData("abstract-socket 0", "abstract-socket")]
    [InlineData("signal 22", "signal")]
    [InlineData("ptrace 0", "ptrace")]
    [InlineData("user-namespace 0", "user-namespace")]
    [InlineData("user-namespace 22", "user-namespace")] // as without a filter: unshare does not work for a program with threads
    [InlineData("io-uring 0", "io-uring")]
    [InlineData("io-uring 14", "io-uring")] // as without a filter: the kernel looked at the arguments
    [InlineData("mount 14", "mount")] // as without a filter, all of these
    [InlineData("set-namespace 22", "set-namespace")]
    [InlineData("change-root 14", "change-root")]
    [InlineData("process-memory 22", "process-memory")]
    [InlineData("keys 22", "keys")]
    [InlineData("privileges -1", "privileges")]
    [InlineData("write-inside/0 30", "write-inside")]
    [InlineData("write-inside/1 13", "write-inside")]
    [InlineData("reach-gateway 111", "reach-gateway")]
    [InlineData("reach-gateway -1", "reach-gateway")]
    [InlineData("namespace-ipc ipc:[1]", "namespaces")]
    [InlineData("namespace-mnt mnt:[1]", "namespaces")]
    [InlineData("namespace-net net:[1]", "namespaces")]
    [InlineData("namespace-net mnt:[2]", "namespaces")]
    [InlineData("namespace-user ", "namespaces")]
    [InlineData("namespace-uts uts:[1]", "namespaces")]
    [InlineData("user 0", "user")]
    [InlineData("user 64001", "user")]
    [InlineData("user", "user")]
    [InlineData("ptrace x", "ptrace")]
    [InlineData("ptrace 1 ", "ptrace")]
    [InlineData("ptrace 01", "ptrace")]
    [InlineData("ptrace", "ptrace")]
    [InlineData("write-inside/0 -0", "write-inside")]
    public void One_wrong_answer_fails_its_check_and_no_other(string line, string check) =>
        Assert.Equal([check], Failed(Read([.. Right.Select(right => Name(right) == Name(line) ? line : right)])));

    [Fact]
    public void Each_line_that_is_missing_fails_the_check_that_needs_it()
    {
        foreach (var line in Right.Where(line => Name(line) != "namespace-cgroup"))
        {
            var name = Name(line);
            Assert.Equal([name.StartsWith("namespace", StringComparison.Ordinal) ? "namespaces" : name.Split('/')[0]], Failed(Read([.. Right.Except([line])])));
        }
    }

    [Fact]
    public void Each_line_that_comes_twice_fails_its_check_even_where_it_says_the_same()
    {
        foreach (var line in Right.Where(line => !line.StartsWith("namespace", StringComparison.Ordinal)))
        {
            Assert.Equal([Name(line).Split('/')[0], "answers"], Failed(Read([.. Right, line])));
        }
    }

    [Theory]
    [InlineData("rm-rf 0")]
    [InlineData("write-outside/2 30")]
    [InlineData("write-outside 30")]
    [InlineData("namespace-time time:[2]")]
    [InlineData("")]
    public void A_line_that_nobody_asked_for_fails(string line) => Assert.Equal(["answers"], Failed(Read([.. Right, line])));

    [Fact]
    public void Nothing_said_fails_everything_but_the_check_for_too_much() =>
        Assert.Equal(["answers"], Read([]).Checks.Where(check => check.Passed).Select(check => check.Name));

    [Fact]
    public void Where_nothing_was_tried_nothing_is_shown()
    {
        var answers = CanaryAnswers.Read(Right, Tries with { Outside = [], Masked = [], Inside = [] }, kind => $"{kind}:[1]");
        Assert.Equal(["write-outside", "read-masked", "write-inside", "answers"], Failed(answers));
    }

    [Fact]
    public void A_process_of_its_own_may_have_the_number_but_only_in_a_namespace_of_its_own()
    {
        string[] signalled = [.. Right.Select(line => line.StartsWith("signal", StringComparison.Ordinal) ? "signal 0" : line)];
        Assert.Empty(Failed(Read(signalled)));
        Assert.Equal(["signal", "namespaces"], Failed(Read([.. signalled.Select(line => line.Replace("pid:[2]", "pid:[1]", StringComparison.Ordinal))])));
    }

    [Fact]
    public void A_namespace_that_this_machine_does_not_tell_counts_as_shared() =>
        Assert.Equal(["namespaces"], Failed(CanaryAnswers.Read(Right, Tries, kind => kind == "uts" ? null : $"{kind}:[1]")));

    [Fact]
    public void What_it_says_is_shown_safely() =>
        Assert.DoesNotContain('\e', string.Concat(Read([.. Right, "\e[31mred 0", "ptrace \e[0m"]).Checks.Select(check => check.Detail)));

    private static CanaryAnswers Read(string[] lines) => CanaryAnswers.Read(lines, Tries, kind => $"{kind}:[1]");

    private static string Name(string line) => line.Split(' ')[0];

    private static IEnumerable<string> Failed(CanaryAnswers answers) => answers.Checks.Where(check => !check.Passed).Select(check => check.Name);
}
