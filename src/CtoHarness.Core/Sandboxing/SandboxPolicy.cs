using System.Collections.Immutable;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Sandboxing;

/// <summary>A folder or file of the machine that the sandbox sees at a place.</summary>
/// <param name="Source">Absolute path on the machine.</param>
/// <param name="Place">Absolute path inside.</param>
/// <param name="Writable">Whether it may be changed from inside.</param>
public sealed record SandboxBind(string Source, string Place, bool Writable);

/// <summary>What one sandbox may see and change. Everything that is not named here is read-only or absent.</summary>
/// <param name="MaskedFolders">Folders that look empty inside; one inside another may be left out.</param>
/// <param name="MaskedFiles">Files that cannot be read inside.</param>
/// <param name="Binds">What is put back; what lies in another lands on top of it.</param>
/// <param name="WorkingFolder">Where the program starts.</param>
/// <param name="Environment">The whole environment of the program.</param>
/// <param name="Limits">Limits of the run; those that a process can carry are set on it.</param>
/// <param name="UserId">The user id to take on before anything else; null to stay the ordinary user who asks.</param>
public sealed record SandboxPolicy(
    ImmutableArray<string> MaskedFolders,
    ImmutableArray<string> MaskedFiles,
    ImmutableArray<SandboxBind> Binds,
    string WorkingFolder,
    ImmutableSortedDictionary<string, string> Environment,
    Limits Limits,
    long? UserId)
{
    /// <summary>What sandbox-init lays on the program; null where bubblewrap alone confines it.</summary>
    public Confinement? Confinement { get; init; }

    /// <summary>Folders and files to mask besides, as far as they are still there at the start: sockets of the machine come and go.</summary>
    public ImmutableArray<string> Passing { get; init; } = [];

    /// <summary>Where sandbox-init and its runtime are; null where the policy confines nothing.</summary>
    public InitPlace? Init { get; init; }
}

/// <summary>Where sandbox-init and its runtime are on the machine.</summary>
/// <param name="Folder">The folder of the program.</param>
/// <param name="Runtime">The .NET root.</param>
public sealed record InitPlace(string Folder, string Runtime);
