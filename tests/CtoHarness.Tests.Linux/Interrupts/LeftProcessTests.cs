using System.Diagnostics;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Interrupts;

[Trait("Mission", "M18")]
public sealed class LeftProcessTests
{
    [Fact]
    public void Processes_of_a_dead_run_are_ended_and_those_of_a_run_with_a_similar_name_are_not()
    {
        using var root = new TempRoot();
        using (var running = SleepingRun.InBackend(root))
        {
            running.Signal("KILL");
            running.Wait().Expect(137);
        }

        // As where the harness is killed before bubblewrap has asked to end with it.
        var dead = Directory.GetDirectories(root.Work).Single();
        var other = dead + "0";
        Directory.CreateDirectory(Path.Combine(other, "subject/root"));
        Tool.Run("/bin/chmod", "a+rwx", Path.Combine(dead, "subject/root"));
        using var claim = CtoHarness.Runtime.Storage.FolderClaim.TryTake(other).Claim;
        Process[] left = [Sandbox(dead, ": > 1; exec sleep 300"), Sandbox(dead, ": > 2; cd /; exec sleep 300"), Standing(dead), Naming(dead)];
        Process[] theirs = [Sandbox(other, ": > 1; exec sleep 300"), Standing(other), Naming(other), Naming("/elsewhere" + dead)];
        try
        {
            SleepUntil(() => new[] { dead + "/subject/root/1", dead + "/subject/root/2", other + "/subject/root/1" }.All(File.Exists));
            var items = root.Command("runs", "repair", "--json").Started().Expect(0).Json["items"]!.AsArray().Select(item => item!).ToList();
            Assert.All(left, process => Assert.True(process.WaitForExit(5000)));
            Assert.All(theirs, process => Assert.False(process.HasExited));
            Assert.True(items.Single(item => item["kind"]!.GetValue<string>() == "scratch" && item["action"]!.GetValue<string>() == "removed")["processes_ended"]!.GetValue<int>() >= left.Length);
            Assert.False(Directory.Exists(dead));
            Assert.True(Directory.Exists(other));
        }
        finally
        {
            foreach (var process in left.Concat(theirs))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                process.Dispose();
            }
        }

        Survivors.AssertNone(root.Marker);
    }

    [Fact]
    public void Whoever_repairs_may_stand_in_the_folder_that_goes()
    {
        using var root = new TempRoot();
        using (var running = SleepingRun.InBackend(root))
        {
            running.Signal("KILL");
            running.Wait().Expect(137);
        }

        var dead = Directory.GetDirectories(root.Work).Single();
        (root.Command("runs", "repair") with { Folder = dead }).Run().Expect(0);
        Repaired.AssertNothingLeft(root);
    }

    // What it shows of itself does not name the folder in the second case; what is mounted for it does.
    private static Process Sandbox(string run, string script) => Start(
        "/", "/usr/bin/bwrap", "--unshare-user", "--unshare-all", "--new-session", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
        "--bind", run + "/subject/root", run + "/subject/root", "--chdir", run + "/subject/root", "/bin/sh", "-c", script);

    private static Process Standing(string run) => Start(run + "/subject", "/bin/sleep", "300");

    private static Process Naming(string run) => Start("/", "/usr/bin/python3", "-c", "import time; time.sleep(300)", "--folder=" + run + "/x");

    private static Process Start(string folder, string program, params string[] words)
    {
        // Without a terminal of its own, whoever runs the tests.
        var start = new ProcessStartInfo("/usr/bin/setsid") { WorkingDirectory = folder };
        start.ArgumentList.Add("--wait");
        start.ArgumentList.Add(program);
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }

    private static void SleepUntil(Func<bool> holds)
    {
        var until = Environment.TickCount64 + 20_000;
        while (!holds())
        {
            Assert.True(Environment.TickCount64 < until, "it never came");
            Thread.Sleep(20);
        }
    }
}
