using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Observation;

/// <summary>What kind of entry was left.</summary>
public enum LeftKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, which is never followed.</summary>
    Link,

    /// <summary>A FIFO, socket or device.</summary>
    Special,

    /// <summary>A folder that lets the harness not look in.</summary>
    Closed,
}

/// <summary>One entry below the runtime workspace root, as it looks from outside.</summary>
/// <param name="Path">Where, relative to that root.</param>
/// <param name="Kind">What stands there.</param>
/// <param name="IsExecutable">Whether anybody may execute it.</param>
/// <param name="HasSetId">Whether it carries a setuid or setgid bit.</param>
/// <param name="HasCapabilities">Whether it carries capabilities.</param>
public sealed record LeftEntry(RelativePath Path, LeftKind Kind, bool IsExecutable, bool HasSetId, bool HasCapabilities);
