using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Engines;

/// <summary>How an engine stands on this machine.</summary>
/// <param name="Program">Its program.</param>
/// <param name="Version">Its version; empty where nobody states one, or where it may not be asked.</param>
/// <param name="Trouble">Why it could not be started although its gates were open; empty where it could.</param>
public sealed record EngineStanding(EngineProgram Program, string Version, string Trouble)
{
    private const string Scratchpad = "engines";

    /// <summary>Looks at an engine. Where its gates are open and nothing else tells its version, it is asked, in the sandbox of a lane.</summary>
    /// <param name="root">The harness root.</param>
    /// <param name="folders">Where the harness keeps things.</param>
    /// <param name="policy">Limits and user.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="isOpen">Whether its gates are open.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>How it stands.</returns>
    public static EngineStanding Of(
        HarnessRoot root, StateFolders folders, RunPolicy policy, EngineManifest engine, bool isOpen,
        IReadOnlyDictionary<string, string> environment, TimeProvider clock, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(clock);
        var program = EngineProgram.Find(engine, root.EnginesFolder, environment, interrupt);
        if (program.Digest is null)
        {
            return new EngineStanding(program, engine.Version, program.Detail);
        }

        var view = LaneSandbox.View(root, folders, [], policy.ProtectedRoots.SelectMany(one => one.Paths), environment);
        var refusal = program.Refusal(view, LaneSandbox.User(policy));
        if (program.Version.Length > 0 || refusal.Length > 0 || !isOpen || engine.VersionArguments.IsEmpty)
        {
            return new EngineStanding(program, program.Version, refusal);
        }

        return Ask(folders, policy, engine, program, view, clock, interrupt);
    }

    private static EngineStanding Ask(
        StateFolders folders, RunPolicy policy, EngineManifest engine, EngineProgram program, HostView view, TimeProvider clock, CancellationToken interrupt)
    {
        if (HostView.Tools() is { Tools: null, Missing: var missing })
        {
            return new EngineStanding(program, "", $"not installed: {string.Join(", ", missing)}; 'cto-harness doctor' tells how to bring it");
        }

        try
        {
            LaneSandbox.MakeState(folders);
            var name = TaskId.TryParse(Scratchpad, out var task) ? task : throw new InvalidOperationException("no name for a scratch folder");
            using var scratch = RunFolders.Of(folders.Work, RunId.New(clock.GetUtcNow(), name, Environment.ProcessId));
            try
            {
                scratch.Make();
                scratch.Subject.MakeEmpty(LaneSandbox.User(policy));
                var version = EngineVersion.Ask(HostView.Tools().Tools!, view, policy, scratch.Subject, engine, program, interrupt);
                return new EngineStanding(program, version, "");
            }
            finally
            {
                _ = scratch.IsMade ? Scratch.Remove(scratch.Top) : "";
            }
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return new EngineStanding(program, "", closed.Message);
        }
    }
}
