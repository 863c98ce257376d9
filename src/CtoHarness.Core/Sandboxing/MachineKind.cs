namespace CtoHarness.Core.Sandboxing;

/// <summary>The kinds of machine whose system calls are known; a sandbox on any other is refused.</summary>
public enum MachineKind
{
    /// <summary>x86-64.</summary>
    X64,

    /// <summary>64-bit ARM.</summary>
    Arm64,
}
