namespace CtoHarness.Core.Contracts;

/// <summary>What one run may use up at most.</summary>
/// <param name="WallSeconds">How long the backend may run, in seconds.</param>
/// <param name="TestWallSeconds">How long the test command may run, in seconds.</param>
/// <param name="StopSeconds">How long a program has to end after it was asked to, in seconds.</param>
/// <param name="OutputBytes">How much of each stream is kept, in bytes.</param>
/// <param name="FileBytes">The largest file that a process may write (RLIMIT_FSIZE), in bytes.</param>
/// <param name="WorkspaceBytes">The largest workspace that is collected, in bytes.</param>
/// <param name="WorkspaceEntries">The most entries of a workspace that are collected.</param>
/// <param name="WorkspaceDepth">How deep folders may be nested.</param>
/// <param name="Processes">The most processes and threads of the sandbox's user (RLIMIT_NPROC).</param>
/// <param name="AddressSpaceBytes">The largest address space of a process (RLIMIT_AS), in bytes.</param>
public sealed record Limits(
    long WallSeconds,
    long TestWallSeconds,
    long StopSeconds,
    long OutputBytes,
    long FileBytes,
    long WorkspaceBytes,
    long WorkspaceEntries,
    long WorkspaceDepth,
    long Processes,
    long AddressSpaceBytes);
