using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Engines;

/// <summary>Asks a program for its version. That starts it: only where its gates are open may anybody ask, and only in the sandbox of a lane.</summary>
internal static class EngineVersion
{
    private const int MostKept = 4096;
    private const int Longest = EngineEvent.Longest;
    private static readonly TimeSpan Wall = TimeSpan.FromSeconds(10);

    /// <summary>Asks.</summary>
    /// <param name="tools">The programs that build the sandbox.</param>
    /// <param name="view">What must be hidden.</param>
    /// <param name="policy">Limits and user.</param>
    /// <param name="lane">A lane of its own, whose folders stand and are empty.</param>
    /// <param name="engine">The engine, whose gates are open.</param>
    /// <param name="program">Its program.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>The first line that it prints, safe to show; empty where it cannot be asked or does not say.</returns>
    /// <exception cref="IOException">The sandbox could not be started.</exception>
    internal static string Ask(
        SandboxTools tools, HostView view, RunPolicy policy, LaneFolders lane, EngineManifest engine, EngineProgram program, CancellationToken interrupt)
    {
        if (engine.VersionArguments.IsEmpty || program.Digest is null)
        {
            return "";
        }

        using var kept = new MemoryStream();
        var command = program.Interpreter.Length > 0
            ? new EngineCommand(program.Interpreter, [program.Path, .. engine.VersionArguments], ImmutableSortedDictionary<string, string>.Empty)
            : new EngineCommand(program.Path, engine.VersionArguments, ImmutableSortedDictionary<string, string>.Empty);
        var outcome = new Bubblewrap(tools).Run(
            LaneSandbox.For(view, policy, lane, needs: program.Needs), command, Wall, new ByteSink(kept, MostKept), ByteSink.Nowhere(), interrupt);
        return outcome is { End: EndKind.Exited, ExitCode: 0 } ? FirstLine(kept.ToArray()) : "";
    }

    private static string FirstLine(byte[] bytes)
    {
        var line = PlainText.Visible(Encoding.UTF8.GetString(bytes).Split('\n')[0].Trim(), int.MaxValue);
        return line.Length > Longest ? line[..Longest] : line;
    }
}
