using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Storage;

/// <summary>Where the harness keeps things on this machine.</summary>
/// <param name="State">Scratch folders and caches.</param>
/// <param name="Runs">Bundles.</param>
/// <param name="Configuration">The user's overlay.</param>
public sealed record StateFolders(string State, string Runs, string Configuration)
{
    private const string Name = "cto-harness";

    /// <summary>Finds the folders; an option is stronger than a variable, and that than the default.</summary>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <param name="profile">A Hermes profile, or null.</param>
    /// <param name="runs">What <c>--runs-dir</c> says, or null.</param>
    /// <param name="state">What <c>--state-dir</c> says, or null.</param>
    /// <param name="keys">What <c>--keys-dir</c> says, or null.</param>
    /// <returns>Absolute paths that need not exist.</returns>
    public static StateFolders Find(IReadOnlyDictionary<string, string> environment, string? profile, string? runs, string? state, string? keys = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var home = Home();
        var xdgState = Path.Combine(Variable("XDG_STATE_HOME") ?? Path.Combine(home, ".local", "state"), Name);
        var configuration = Path.Combine(Variable("XDG_CONFIG_HOME") ?? Path.Combine(home, ".config"), Name);
        return new StateFolders(
            HostPaths.Resolve(Path.GetFullPath(state ?? Own("CTO_HARNESS_STATE_DIR") ?? (ProcessCalls.IsRoot ? "/var/lib/cto-harness" : xdgState))),
            Path.GetFullPath(runs ?? (profile is not null
                ? Path.Combine(home, ".hermes", "profiles", profile, "harness-runs")
                : Own("CTO_HARNESS_RUNS_DIR") ?? Path.Combine(xdgState, "runs"))),
            configuration)
        {
            Keys = HostPaths.Resolve(Path.GetFullPath(keys ?? Own("CTO_HARNESS_KEYS_DIR") ?? Path.Combine(configuration, "keys"))),
            OtherKeys = [Path.Combine(configuration, "keys"), .. Own("CTO_HARNESS_KEYS_DIR") is { } kept ? [Path.GetFullPath(kept)] : Array.Empty<string>()],
            OtherStates = ["/var/lib/cto-harness", xdgState, .. Own("CTO_HARNESS_STATE_DIR") is { } usual ? [Path.GetFullPath(usual)] : Array.Empty<string>()],
            OtherRuns = [Path.Combine(xdgState, "runs"), .. Own("CTO_HARNESS_RUNS_DIR") is { } named ? [Path.GetFullPath(named)] : Array.Empty<string>()],
        };

        string? Own(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        // The XDG specification: a relative path is as good as none.
        string? Variable(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value && value[0] == '/' ? value : null;
    }

    /// <summary>The user's keys: hidden from every backend, wherever they are.</summary>
    public string Keys { get; private init; } = "";

    /// <summary>Where keys are unless somebody says otherwise: hidden as well.</summary>
    internal IReadOnlyList<string> OtherKeys { get; private init; } = [];

    /// <summary>State folders that other runs on this machine use where nobody names another.</summary>
    internal IReadOnlyList<string> OtherStates { get; private init; } = [];

    /// <summary>Where bundles are unless somebody says otherwise: hidden from every backend, wherever this run keeps its own.</summary>
    internal IReadOnlyList<string> OtherRuns { get; private init; } = [];

    /// <summary>What else must be hidden from every backend.</summary>
    internal IReadOnlyList<string> Hidden { get; init; } = [];

    /// <summary>Where this run and others write, links resolved.</summary>
    internal IEnumerable<string> WrittenByRuns => new[] { State, Runs }.Concat(OtherStates).Concat(OtherRuns).Select(HostPaths.Resolve);

    /// <summary>Whether runs write to a place themselves, so that nothing could be proved of it.</summary>
    /// <param name="real">An absolute path, links resolved.</param>
    /// <returns>True for the runs folder, the state folder, and what lies in the latter.</returns>
    public bool IsWrittenByRuns(string real) => real == HostPaths.Resolve(Runs) || real == State || HostPaths.Below(State, real) is not null;

    /// <summary>Says why no keys can be kept where they are to be.</summary>
    /// <returns>A reason; empty where they can.</returns>
    public string CannotKeepKeys() =>
        !HostPaths.CanHide(Keys) ? "programs in the sandbox need it, so that it cannot be hidden"
        : IsIn(HostPaths.Resolve(Work)) ? "runs make their scratch folders there, and backends see those"
        : new[] { Runs }.Concat(OtherRuns).Select(HostPaths.Resolve).Any(IsIn) ? "bundles are there, and they are given to others"
        : HarnessProgram.Checkout() is { } checkout && IsIn(HostPaths.Resolve(checkout)) ? "the checkout is there, which is given to others and must not change in a run"
        : "";

    // Never below the working folder, which somebody else may have filled: a home that is not there keeps its name, and one that is relative is as good as none.
    private static string Home() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is ['/', ..] home ? home : "/";

    private bool IsIn(string folder) => Keys == folder || HostPaths.Below(folder, Keys) is not null;

    /// <summary>The folder of ready-made repositories.</summary>
    internal string Repositories => Path.Combine(State, "cache", "repositories");

    /// <summary>The folder of copies of sandbox-init that the sandboxes' user can reach.</summary>
    internal string Init => Path.Combine(State, "sandbox-init");

    /// <summary>The folder of the runs' scratch folders.</summary>
    internal string Work => Path.Combine(State, "work");

    /// <summary>The folder of the runs' secrets, by which a person can check a guess at a withheld value.</summary>
    internal string Secrets => Path.Combine(State, "secrets");

    /// <summary>Makes the state folder: others may pass through to their lane, but not look around.</summary>
    internal void MakeState()
    {
        const UnixFileMode pass = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var folder in new[] { State, Work })
        {
            Make(folder, ProcessCalls.IsRoot ? pass : own);
        }
    }

    // A folder that was there already is somebody's: its mode is not ours to change.
    private static void Make(string folder, UnixFileMode mode)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                File.SetUnixFileMode(folder, mode);
            }
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the state folder {folder} cannot be made ({closed.Message}); name another with --state-dir", closed);
        }
    }
}
