using System.Buffers.Binary;
using System.Collections.Immutable;

namespace CtoHarness.Core.Sandboxing;

/// <summary>One instruction of a classic BPF program, as seccomp(2) takes it.</summary>
/// <param name="Code">What it does.</param>
/// <param name="JumpTrue">How many instructions to pass over where its condition holds.</param>
/// <param name="JumpFalse">How many where it does not.</param>
/// <param name="Value">Its operand.</param>
public readonly record struct BpfInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Value)
{
    /// <summary>Bytes of one instruction.</summary>
    public const int Size = 8;

    /// <summary>Writes a program as the kernel reads it.</summary>
    /// <param name="program">The instructions.</param>
    /// <returns>Eight bytes for each.</returns>
    public static byte[] Encode(ImmutableArray<BpfInstruction> program)
    {
        var bytes = new byte[program.Length * Size];
        for (var at = 0; at < program.Length; at++)
        {
            var place = bytes.AsSpan(at * Size, Size);
            BinaryPrimitives.WriteUInt16LittleEndian(place, program[at].Code);
            place[2] = program[at].JumpTrue;
            place[3] = program[at].JumpFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(place[4..], program[at].Value);
        }

        return bytes;
    }
}
