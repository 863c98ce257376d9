using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>The machine's side of one run: its folders, logs and clock.</summary>
internal sealed record RunSite(
    RunRequest Request, BundleFolder Bundle, EventLog Events, TraceLog Trace, RunFolders Folders, TimeProvider Clock, CancellationToken Interrupt)
{
    /// <summary>Which lane of the run this is.</summary>
    internal Lane Lane { get; init; } = Lane.Subject;

    /// <summary>The pristine workspace, as it was frozen.</summary>
    internal string Pristine { get; init; } = Bundle.PathOf("fixture/" + FixtureFolder.Workspace);

    /// <summary>Where the sandbox is tried before the start; gone afterwards.</summary>
    internal LaneFolders Trial { get; init; } = new(Path.Combine(Folders.Top, "trial"));

    /// <summary>The folder of copies of sandbox-init.</summary>
    internal string InitCopies { get; init; } = Request.Folders.Init;

    /// <summary>The user that sandboxes run under; null for the ordinary user who asks.</summary>
    internal long? SandboxUser => LaneSandbox.User(Request.Policy);

    /// <summary>This moment on both clocks.</summary>
    internal TwoClocks Now() => new(Clock.GetUtcNow(), Environment.TickCount64);
}
