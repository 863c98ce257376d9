using CtoHarness.Core.Contracts;

namespace CtoHarness.Core.Trees;

/// <summary>What stands at a path.</summary>
public enum EntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A regular file that its owner may execute.</summary>
    Executable,

    /// <summary>A symbolic link; its digest is that of the target text. It is never followed.</summary>
    Link,

    /// <summary>A FIFO, socket or device, a file with a setuid or setgid bit, one within a nested <c>.git</c>, or under a name that git refuses: never read, in no patch.</summary>
    Special,
}

/// <summary>One entry of a tree; folders are implied by the paths.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Bytes">Its size, in bytes; 0 for what is special.</param>
/// <param name="Content">Digest of its bytes, or of a link's target; zero for what is special.</param>
/// <param name="Note">For what is special: what exactly, such as <c>fifo</c>; otherwise empty.</param>
public sealed record TreeEntry(RelativePath Path, EntryKind Kind, long Bytes, Digest Content, string Note = "");
