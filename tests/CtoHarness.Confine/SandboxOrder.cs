using System.Collections.Immutable;

namespace CtoHarness.Confine;

/// <summary>One sandbox to build: its places, its layers, and what runs in it.</summary>
/// <param name="Root">A folder with <c>roots/work</c>, <c>roots/tmp</c>, <c>target</c> and <c>init</c>, a copy of sandbox-init.</param>
/// <param name="Program">The program and its arguments.</param>
internal sealed record SandboxOrder(string Root, ImmutableArray<string> Program)
{
    /// <summary>The Landlock version to use at most; 0 for none.</summary>
    public int Landlock { get; init; } = Core.Sandboxing.Confinement.NewestLandlock;

    /// <summary>Whether there is a filter.</summary>
    public bool Seccomp { get; init; } = true;

    /// <summary>Whether calls are observed, where there is a filter.</summary>
    public bool Observe { get; init; } = true;

    /// <summary>The port of a listener inside that is served outside with an echo; 0 for none.</summary>
    public int Port { get; init; }

    /// <summary>The user to take on; null to stay whoever asks.</summary>
    public long? User { get; init; }

    /// <summary>Folders outside the roots that are mounted writable all the same, so that bubblewrap is no boundary there.</summary>
    public ImmutableArray<string> Open { get; init; } = [];

    /// <summary>Further folders that look empty, each somebody's home.</summary>
    public ImmutableArray<string> Homes { get; init; } = [];

    /// <summary>Where the .NET root of the machine is put, for programs inside; empty for nowhere.</summary>
    public string RuntimePlace { get; init; } = "";

    /// <summary>A program that stands in for bubblewrap; empty for bubblewrap itself.</summary>
    public string Bubblewrap { get; init; } = "";

    /// <summary>How long the program may run.</summary>
    public double WallSeconds { get; init; } = 60;

    /// <summary>How long it has to end after it was asked to.</summary>
    public long StopSeconds { get; init; } = 10;

    /// <summary>The most processes of its user; 0 for what is built in.</summary>
    public long Processes { get; init; }

    /// <summary>The most bytes of its roots, watched while it runs; 0 for no watch.</summary>
    public long WatchedBytes { get; init; }

    /// <summary>The most entries of its roots, where they are watched.</summary>
    public long WatchedEntries { get; init; } = 10_000;

    /// <summary>How much of each stream is kept.</summary>
    public long OutputBytes { get; init; } = 1 << 20;

    /// <summary>How often it is run, one after the other.</summary>
    public int Times { get; init; } = 1;
}
