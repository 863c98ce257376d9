using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Interrupts;

/// <summary>A run that is in the middle of something.</summary>
internal static class SleepingRun
{
    /// <summary>Starts a run and waits until its backend sleeps.</summary>
    public static RunningCommand InBackend(TempRoot root, Func<HarnessCommand, HarnessCommand>? change = null) =>
        Start(root, "cp \"$1/strings.py\" .; : > ../out/sleeping; sleep 300", "subject/root/out/sleeping", change);

    /// <summary>Starts a run and waits until its test command sleeps.</summary>
    public static RunningCommand InTests(TempRoot root, Func<HarnessCommand, HarnessCommand>? change = null) =>
        Start(root, "printf 'import time\\nopen(\"/tmp/sleeping\", \"w\").close()\\ntime.sleep(300)\\n' > strings.py", "test/root/tmp/sleeping", change);

    private static RunningCommand Start(TempRoot root, string script, string sign, Func<HarnessCommand, HarnessCommand>? change)
    {
        var command = root.Backend(script);
        var running = (change is null ? command : change(command)).Start();
        running.WaitFor(sign, () => Directory.Exists(root.Work) && Directory.GetDirectories(root.Work).Any(run => File.Exists(Path.Combine(run, sign))));
        return running;
    }
}
