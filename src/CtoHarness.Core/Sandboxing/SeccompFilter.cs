using System.Collections.Immutable;

namespace CtoHarness.Core.Sandboxing;

/// <summary>Builds the filter through which every system call of a sandbox goes: a pure, ordered list of instructions.</summary>
public static class SeccompFilter
{
    /// <summary>The answer that lets a call through.</summary>
    public const uint Allow = 0x7fff0000;

    /// <summary>The answer that hands a call to the supervisor.</summary>
    public const uint Notify = 0x7fc00000;

    /// <summary>The answer that refuses a call, with the number of the error in its lower half.</summary>
    public const uint Refuse = 0x00050000;

    /// <summary>The answer that ends the process.</summary>
    public const uint KillProcess = 0x80000000;

    private const uint NotPermitted = 1;
    private const uint NoSuchCall = 38;
    private const uint NoSuchFamily = 97;

    // struct seccomp_data: number, kind of machine, instruction pointer, six arguments of 8 bytes, of which the lower half comes first.
    private const uint NumberAt = 0;
    private const uint MachineAt = 4;
    private const uint FirstArgumentAt = 16;

    // New namespaces of any kind, as clone(2) asks for them.
    private const uint NewNamespaces = 0x7E020000;

    // Type something into a terminal (TIOCSTI, TIOCLINUX); set attributes of a file (FS_IOC_SETFLAGS, its 32-bit form, FS_IOC_SETVERSION, FS_IOC_FSSETXATTR).
    private static readonly ImmutableArray<uint> ForbiddenControls = [0x5412, 0x541C, 0x40086602, 0x40046602, 0x40087602, 0x401C5820];

    private const uint Unix = 1;

    // A bit of SOCK_DGRAM and SOCK_RAW: such a socket of a pair can still be connected to another.
    private const uint Datagram = 2;

    // unix, IPv4, IPv6, netlink
    private static readonly ImmutableArray<uint> Families = [Unix, 2, 10, 16];

    private static readonly SystemCall Clone = new("clone", 56, 220);
    private static readonly SystemCall Control = new("ioctl", 16, 29);
    private static readonly SystemCall Socket = new("socket", 41, 198);
    private static readonly SystemCall SocketPair = new("socketpair", 53, 199);

    /// <summary>Builds the filter.</summary>
    /// <param name="machine">The kind of machine that it is for; calls of another kind end the process.</param>
    /// <param name="observe">Whether calls are handed to a supervisor.</param>
    /// <param name="unixSockets">
    /// Whether sockets of the machine's file system can be made. No layer of the kernel's decides on whom they connect to, so where no supervisor does
    /// either, only connected pairs are left.
    /// </param>
    /// <returns>The program.</returns>
    public static ImmutableArray<BpfInstruction> For(MachineKind machine, bool observe, bool unixSockets = true)
    {
        var list = new List<BpfInstruction>
        {
            Load(MachineAt),
            JumpIfEqual(machine == MachineKind.X64 ? 0xC000003E : 0xC00000B7, 1, 0),
            Return(KillProcess),
            Load(NumberAt),
            JumpIfGreater(RefusedCalls.Highest, 0, 1), // also the second numbering of x86-64 (x32)
            Return(Refuse | NoSuchCall),
        };
        foreach (var call in RefusedCalls.Absent)
        {
            Answer(list, call.NumberOn(machine), Refuse | NoSuchCall);
        }

        foreach (var call in RefusedCalls.Forbidden)
        {
            Answer(list, call.NumberOn(machine), Refuse | NotPermitted);
        }

        AddChecks(list, machine, unixSockets);
        if (observe)
        {
            foreach (var call in ObservedCalls.Files.Concat(ObservedCalls.Sockets).Select(one => one.Call).Where(call => call != ObservedCalls.SendTo))
            {
                Answer(list, call.NumberOn(machine), Notify);
            }

            AddSendTo(list, ObservedCalls.SendTo.NumberOn(machine));
        }

        list.Add(Return(Allow));
        return [.. list];
    }

    // Each block ends for its own call and leaves the number loaded for all others.
    private static void AddChecks(List<BpfInstruction> list, MachineKind machine, bool unixSockets)
    {
        list.AddRange([
            JumpIfEqual((uint)Clone.NumberOn(machine), 0, 4),
            Load(FirstArgumentAt), JumpIfAny(NewNamespaces, 0, 1), Return(Refuse | NotPermitted), Return(Allow),
        ]);
        list.Add(JumpIfEqual((uint)Control.NumberOn(machine), 0, (byte)(ForbiddenControls.Length + 3)));
        list.Add(Load(FirstArgumentAt + 8));
        list.AddRange(ForbiddenControls.Select((control, index) => JumpIfEqual(control, (byte)(ForbiddenControls.Length - index), 0)));
        list.AddRange([Return(Allow), Return(Refuse | NotPermitted)]);
        AddFamilies(list, Socket.NumberOn(machine), unixSockets ? Families : Families.Remove(Unix), []);
        AddFamilies(list, SocketPair.NumberOn(machine), Families, unixSockets ? [] : [Load(FirstArgumentAt + 8), JumpIfAny(Datagram, 0, 1), Return(Refuse | NoSuchFamily)]);
    }

    // What comes first may answer by itself, and loads what it likes.
    private static void AddFamilies(List<BpfInstruction> list, int number, ImmutableArray<uint> families, BpfInstruction[] first)
    {
        list.Add(JumpIfEqual((uint)number, 0, (byte)(first.Length + families.Length + 3)));
        list.AddRange(first);
        list.Add(Load(FirstArgumentAt));
        list.AddRange(families.Select((family, index) => JumpIfEqual(family, (byte)(families.Length - index), 0)));
        list.AddRange([Return(Refuse | NoSuchFamily), Return(Allow)]);
    }

    // Only with an address: that is, where either half of the fifth argument is not zero.
    private static void AddSendTo(List<BpfInstruction> list, int number)
    {
        list.AddRange([
            JumpIfEqual((uint)number, 0, 6),
            Load(FirstArgumentAt + (4 * 8)), JumpIfEqual(0, 0, 3),
            Load(FirstArgumentAt + (4 * 8) + 4), JumpIfEqual(0, 0, 1),
            Return(Allow), Return(Notify),
        ]);
    }

    private static void Answer(List<BpfInstruction> list, int number, uint answer)
    {
        if (number >= 0)
        {
            list.Add(JumpIfEqual((uint)number, 0, 1));
            list.Add(Return(answer));
        }
    }

    private static BpfInstruction Load(uint place) => new(0x20, 0, 0, place);

    private static BpfInstruction Return(uint answer) => new(0x06, 0, 0, answer);

    private static BpfInstruction JumpIfEqual(uint value, byte yes, byte no) => new(0x15, yes, no, value);

    private static BpfInstruction JumpIfGreater(uint value, byte yes, byte no) => new(0x25, yes, no, value);

    private static BpfInstruction JumpIfAny(uint bits, byte yes, byte no) => new(0x45, yes, no, bits);
}
