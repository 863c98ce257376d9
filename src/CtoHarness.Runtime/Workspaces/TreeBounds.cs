using CtoHarness.Core.Contracts;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>How much of a folder is read before it is refused.</summary>
/// <param name="Entries">The most entries.</param>
/// <param name="Bytes">The most bytes of all files.</param>
/// <param name="FileBytes">The most bytes of one file.</param>
/// <param name="Depth">The most folders within one another.</param>
internal sealed record TreeBounds(long Entries, long Bytes, long FileBytes, long Depth)
{
    /// <summary>The bounds of a workspace.</summary>
    internal static TreeBounds Of(Limits limits) =>
        new(limits.WorkspaceEntries, limits.WorkspaceBytes, limits.FileBytes, limits.WorkspaceDepth);
}
