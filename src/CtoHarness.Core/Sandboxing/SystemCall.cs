namespace CtoHarness.Core.Sandboxing;

/// <summary>A system call by name and number.</summary>
/// <param name="Name">Its name as the kernel's tables have it.</param>
/// <param name="X64">Its number on x86-64; -1 where there is none.</param>
/// <param name="Arm64">Its number on 64-bit ARM; -1 where there is none.</param>
public sealed record SystemCall(string Name, int X64, int Arm64)
{
    /// <summary>The number on a kind of machine; -1 where it has no such call.</summary>
    /// <param name="machine">The kind of machine.</param>
    public int NumberOn(MachineKind machine) => machine == MachineKind.X64 ? X64 : Arm64;
}
