using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Hosts;

/// <summary>Looks for the programs that runs start, and asks each for its version.</summary>
internal static class HostPrograms
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly ImmutableArray<(string Name, string Program, string Package, bool IsNeeded)> Known =
    [
        ("bubblewrap", "bwrap", "bubblewrap", true),
        ("setpriv", "setpriv", "util-linux", true),
        ("prlimit", "prlimit", "util-linux", true),
        ("env", "env", "coreutils", true),
        ("git", "git", "git", true),
        ("python3", "python3", "python3", false),
        ("node", "node", "nodejs", false),
    ];

    /// <summary>Looks for all of them.</summary>
    internal static IEnumerable<HostRow> Rows(CancellationToken interrupt) => Known.Select(one => Row(one.Name, one.Program, one.Package, one.IsNeeded, interrupt));

    private static HostRow Row(string name, string program, string package, bool isNeeded, CancellationToken interrupt)
    {
        var remedy = $"apt-get install {package}";
        if (Programs.Find(program) is not { } path)
        {
            return new HostRow(name, false, isNeeded, $"{program} is not in {Programs.PlainPath}{(isNeeded ? "" : "; fixtures in its language cannot be run")}", remedy);
        }

        return Version(path, interrupt) is { Length: > 0 } version
            ? new HostRow(name, true, isNeeded, $"{PlainText.Visible(path, 200)}: {version}", "")
            : new HostRow(name, false, isNeeded, $"{PlainText.Visible(path, 200)} does not tell its version", remedy);
    }

    private static string Version(string program, CancellationToken interrupt)
    {
        using var kept = new MemoryStream();
        using var run = RunningProgram.TryStart(
            new ProgramPlan((_, _) => [program, "--version"], "/", ImmutableSortedDictionary<string, string>.Empty, new ByteSink(kept, 400).Drain, ByteSink.Nowhere().Drain), out _);
        var ended = run is not null && WaitHandle.WaitAny([run.Ended, interrupt.WaitHandle], Patience) == 0 && run.JoinStreams(Patience) && run.ExitCode == 0;
        interrupt.ThrowIfCancellationRequested();
        return ended ? PlainText.Visible(Encoding.UTF8.GetString(kept.ToArray()).Split('\n')[0].Trim(), 100) : "";
    }
}
