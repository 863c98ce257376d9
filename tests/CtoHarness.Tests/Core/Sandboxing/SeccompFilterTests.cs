using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Core.Sandboxing;

/// <summary>The filter, run instruction by instruction as the kernel runs it.</summary>
[Trait("Mission", "M11")]
public sealed class SeccompFilterTests
{
    private const uint NotPermitted = SeccompFilter.Refuse | 1;
    private const uint NoSuchCall = SeccompFilter.Refuse | 38;

    public static TheoryData<MachineKind> Machines => [MachineKind.X64, MachineKind.Arm64];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_call_of_the_tables_gets_its_answer(MachineKind machine)
    {
        Assert.All(RefusedCalls.Forbidden.Where(call => call.NumberOn(machine) >= 0), call => Assert.Equal(NotPermitted, Answer(machine, call.NumberOn(machine))));
        Assert.All(RefusedCalls.Absent, call => Assert.Equal(NoSuchCall, Answer(machine, call.NumberOn(machine))));
        Assert.All(
            ObservedCalls.Files.Concat(ObservedCalls.Sockets).Where(one => one.Call.NumberOn(machine) >= 0 && one.Call != ObservedCalls.SendTo),
            one => Assert.Equal(SeccompFilter.Notify, Answer(machine, one.Call.NumberOn(machine))));
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_call_of_another_machine_ends_the_process_and_one_beyond_the_tables_is_not_there(MachineKind machine)
    {
        Assert.Equal(SeccompFilter.KillProcess, OfKind(machine, 1, 0x40000003)); // 32-bit x86
        Assert.Equal(NoSuchCall, Answer(machine, RefusedCalls.Highest + 1));
        Assert.Equal(NoSuchCall, Answer(machine, 0x40000000 | 2)); // the second numbering of x86-64
        Assert.Equal(NoSuchCall, Answer(machine, unchecked((int)0xFFFFFFFF)));
    }

    [Theory]
    [InlineData(MachineKind.X64, 56, 0x10000000, NotPermitted)] // clone, new user namespace
    [InlineData(MachineKind.X64, 56, 0x00020000, NotPermitted)] // new mount namespace
    [InlineData(MachineKind.X64, 56, 0x003D0F00, SeccompFilter.Allow)] // a thread
    [InlineData(MachineKind.Arm64, 220, 0x40000000, NotPermitted)]
    [InlineData(MachineKind.Arm64, 220, 0x01200011, SeccompFilter.Allow)] // a child
    [InlineData(MachineKind.X64, 41, 1, SeccompFilter.Allow)]
    [InlineData(MachineKind.X64, 41, 2, SeccompFilter.Allow)]
    [InlineData(MachineKind.X64, 41, 10, SeccompFilter.Allow)]
    [InlineData(MachineKind.X64, 41, 16, SeccompFilter.Allow)]
    [InlineData(MachineKind.X64, 41, 17, SeccompFilter.Refuse | 97)] // packets
    [InlineData(MachineKind.X64, 53, 40, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.Arm64, 198, 40, SeccompFilter.Refuse | 97)] // vsock
    [InlineData(MachineKind.Arm64, 199, 1, SeccompFilter.Allow)]
    public void The_first_argument_decides_where_it_matters(MachineKind machine, int number, uint argument, uint answer) =>
        Assert.Equal(answer, Answer(machine, number, argument));

    [Theory]
    [InlineData(MachineKind.X64, 41, 1, 1, SeccompFilter.Refuse | 97)] // socket
    [InlineData(MachineKind.X64, 41, 1, 2, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.X64, 41, 2, 1, SeccompFilter.Allow)]
    [InlineData(MachineKind.X64, 41, 16, 3, SeccompFilter.Allow)] // netlink
    [InlineData(MachineKind.X64, 41, 40, 1, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.X64, 53, 1, 0x80801, SeccompFilter.Allow)] // a pair of streams
    [InlineData(MachineKind.X64, 53, 1, 5, SeccompFilter.Allow)] // of packets in sequence
    [InlineData(MachineKind.X64, 53, 1, 0x80802, SeccompFilter.Refuse | 97)] // of datagrams
    [InlineData(MachineKind.X64, 53, 1, 3, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.X64, 53, 40, 1, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.Arm64, 198, 1, 1, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.Arm64, 199, 1, 2, SeccompFilter.Refuse | 97)]
    [InlineData(MachineKind.Arm64, 199, 1, 1, SeccompFilter.Allow)]
    [InlineData(MachineKind.X64, 54, 1, 2, SeccompFilter.Allow)] // the call behind them
    public void Where_nobody_looks_at_them_no_socket_that_reaches_the_file_system_is_made(MachineKind machine, int number, ulong family, ulong type, uint answer) =>
        Assert.Equal(answer, OfKind(SeccompFilter.For(machine, observe: false, unixSockets: false), number, machine == MachineKind.X64 ? 0xC000003E : 0xC00000B7, family, type));

    [Theory]
    [InlineData(0x5412, NotPermitted)]
    [InlineData(0x541C, NotPermitted)]
    [InlineData(0x40086602, NotPermitted)]
    [InlineData(0x40046602, NotPermitted)]
    [InlineData(0x40087602, NotPermitted)]
    [InlineData(0x401C5820, NotPermitted)]
    [InlineData(0x5401, SeccompFilter.Allow)]
    [InlineData(0x80086601, SeccompFilter.Allow)]
    public void No_terminal_is_typed_into_and_no_attribute_set(uint control, uint answer)
    {
        Assert.Equal(answer, Answer(MachineKind.X64, 16, 0, control));
        Assert.Equal(answer, Answer(MachineKind.Arm64, 29, 0, control));
    }

    [Fact]
    public void Sending_is_reported_only_where_it_names_an_address()
    {
        Assert.Equal(SeccompFilter.Allow, Answer(MachineKind.X64, 44));
        Assert.Equal(SeccompFilter.Notify, Answer(MachineKind.X64, 44, 0, 0, 0, 0, 0x7fff00000000));
        Assert.Equal(SeccompFilter.Notify, Answer(MachineKind.X64, 44, 0, 0, 0, 0, 8));
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void All_other_calls_go_through_and_without_a_supervisor_none_is_reported(MachineKind machine)
    {
        var known = RefusedCalls.Absent.Concat(RefusedCalls.Forbidden).Concat(ObservedCalls.Files.Concat(ObservedCalls.Sockets).Select(one => one.Call)).Select(call => call.NumberOn(machine)).ToHashSet();
        int[] checkedOnes = machine == MachineKind.X64 ? [56, 16, 41, 53] : [220, 29, 198, 199];
        Assert.All(
            Enumerable.Range(0, RefusedCalls.Highest + 1).Where(number => !known.Contains(number) && !checkedOnes.Contains(number)),
            number => Assert.Equal(SeccompFilter.Allow, Answer(machine, number)));
        Assert.DoesNotContain(SeccompFilter.For(machine, observe: false), one => one is { Code: 6, Value: SeccompFilter.Notify });
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void The_program_reads_as_it_was_approved(MachineKind machine) => Approved.Matches(
        machine == MachineKind.X64 ? "seccomp.x64" : "seccomp.arm64",
        string.Concat(SeccompFilter.For(machine, observe: true).Select((one, at) => string.Create(CultureInfo.InvariantCulture, $"{at,4} {one.Code:x2} {one.JumpTrue} {one.JumpFalse} {one.Value:x8}\n"))));

    private static uint Answer(MachineKind machine, int number, params ulong[] arguments) =>
        OfKind(machine, number, machine == MachineKind.X64 ? 0xC000003E : 0xC00000B7, arguments);

    private static uint OfKind(MachineKind machine, int number, uint kind, params ulong[] arguments) =>
        OfKind(SeccompFilter.For(machine, observe: true), number, kind, arguments);

    private static uint OfKind(ImmutableArray<BpfInstruction> filter, int number, uint kind, params ulong[] arguments)
    {
        var words = new uint[16];
        words[0] = unchecked((uint)number);
        words[1] = kind;
        for (var at = 0; at < arguments.Length; at++)
        {
            words[4 + (at * 2)] = unchecked((uint)arguments[at]);
            words[5 + (at * 2)] = (uint)(arguments[at] >> 32);
        }

        return Run(filter, words);
    }

    private static uint Run(ImmutableArray<BpfInstruction> program, uint[] call)
    {
        uint loaded = 0;
        for (var at = 0; ; at++)
        {
            var one = program[at]; // a jump beyond the end fails here
            switch (one.Code)
            {
                case 0x20:
                    loaded = call[one.Value / 4];
                    break;
                case 0x06:
                    return one.Value;
                default:
                    var holds = one.Code switch
                    {
                        0x15 => loaded == one.Value,
                        0x25 => loaded > one.Value,
                        0x45 => (loaded & one.Value) != 0,
                        _ => throw new InvalidOperationException($"unknown instruction {one.Code:x}"),
                    };
                    at += holds ? one.JumpTrue : one.JumpFalse;
                    break;
            }
        }
    }
}
