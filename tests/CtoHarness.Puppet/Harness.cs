using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>Attacks on the harness itself: what it hears, what it records, and ways around its filter.</summary>
internal static unsafe class Harness
{
    private const int MostDescriptors = 256;
    private const int LeastMs = 500; // so that both threads had their turn
    private const int SecondNumbering = 0x40000000;

    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["tell-every-descriptor"] = words => TellAll(words[0]),
        ["write-again-and-again"] = words => Again(words[0], int.Parse(words[1], CultureInfo.InvariantCulture)),
        ["race-open"] = words => Race(words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture), path => Kernel.Put(Kernel.Do(Call.OpenAt, Kernel.Here, path, Kernel.WriteOnly), "changed")),
        ["race-unix"] = RaceUnix,
        ["uring"] = words => Uring(words[0]),
        ["open-how"] = words => Kernel.Put(Kernel.Do(Call.OpenAt2, Kernel.Here, Kernel.Text(words[0]), Kernel.Bytes([Kernel.WriteOnly | Kernel.Create, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0, 0, 0, 0, 0, .. new byte[8]]), 24), "changed"),
        ["old-calls"] = words => OldCalls(words[0]),
        ["second-numbering"] = words => Kernel.Put(Kernel.Do(SecondNumbering + 2, Kernel.Text(words[0]), Kernel.WriteOnly | Kernel.Create, 0x180, 0, 0, 0), "changed"),
    };

    private static long TellAll(string text)
    {
        var result = Program.NoEffect;
        for (var at = 3; at < MostDescriptors; at++)
        {
            result = Kernel.Put(at, text) is >= 0 and var told ? told : result;
        }

        return result;
    }

    private static long Again(string path, int times)
    {
        var result = 0L;
        for (var at = 0; at < times; at++)
        {
            result = Kernel.Put(Kernel.Open(path, Kernel.WriteOnly), "changed");
        }

        return result;
    }

    // Both texts by turns at one place, while another thread names that place to the kernel.
    private static long Race(string harmless, string harmful, int times, Func<nint, long> call)
    {
        var (one, other) = (Padded(harmless), Padded(harmful));
        var place = Kernel.Bytes(one);
        var over = false;
        var thread = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
                other.CopyTo(new Span<byte>((void*)place, other.Length));
                one.CopyTo(new Span<byte>((void*)place, one.Length));
            }
        });
        thread.Start();
        var result = Program.NoEffect;
        var began = Environment.TickCount64;
        for (var at = 0; at < times || Environment.TickCount64 - began < LeastMs; at++)
        {
            result = call(place) is >= 0 and var done ? done : result;
        }

        Volatile.Write(ref over, true);
        thread.Join();
        return result;
    }

    private static byte[] Padded(string path)
    {
        var bytes = new byte[512];
        Encoding.UTF8.GetBytes(path).CopyTo(bytes, 0);
        return bytes;
    }

    private static long RaceUnix(string[] words)
    {
        const int Unix = 1;
        const int Datagram = 2;
        var text = Encoding.UTF8.GetBytes(words[2]);
        var said = Kernel.Bytes(text);

        // The family stands in front of the name; both fit into what connect(2) takes.
        return Race("\u0001\0" + words[0], "\u0001\0" + words[1], int.Parse(words[3], CultureInfo.InvariantCulture), place =>
        {
            var socket = Kernel.Do(Call.Socket, Unix, Datagram);
            var result = Kernel.Do(Call.Connect, socket, place, 110);
            result = result < 0 ? result : Kernel.Do(Call.Write, socket, said, text.Length);
            _ = Kernel.Do(Call.Close, socket);
            return result;
        });
    }

    // The kernel opens the path itself, without a call of its own that a filter could see.
    private static long Uring(string path)
    {
        const int Shared = 1;
        const int OpenOperation = 18;
        var parameters = (uint*)Kernel.Bytes(new byte[120]);
        var ring = Kernel.Do(Call.UringSetup, 4, (nint)parameters);
        if (ring < 0)
        {
            return ring;
        }

        var queue = (byte*)(nint)Kernel.Do(Call.Map, 0, 4096, 3, Shared, ring, 0);
        var answers = (byte*)(nint)Kernel.Do(Call.Map, 0, 4096, 3, Shared, ring, 0x8000000);
        var entry = (byte*)(nint)Kernel.Do(Call.Map, 0, 4096, 3, Shared, ring, 0x10000000);
        entry[0] = OpenOperation;
        *(int*)(entry + 4) = Kernel.Here;
        *(nint*)(entry + 16) = Kernel.Text(path);
        *(int*)(entry + 24) = 0x180;
        *(int*)(entry + 28) = Kernel.WriteOnly | Kernel.Create;
        *(uint*)(queue + parameters[16]) = 0; // the place of the first entry
        Volatile.Write(ref *(uint*)(queue + parameters[11]), 1);
        var entered = Kernel.Do(Call.UringEnter, ring, 1, 1, 1);
        return entered < 0 ? entered : *(int*)(answers + parameters[25] + 8);
    }

    // The calls of 32-bit programs: int 0x80, with a path that lies low enough.
    private static long OldCalls(string path)
    {
        const int LowPrivateAnonymous = 0x62;
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return Program.NoEffect;
        }

        var code = (byte*)(nint)Kernel.Do(Call.Map, 0, 8192, 7, LowPrivateAnonymous, -1, 0);
        ReadOnlySpan<byte> program = [0x53, 0xB8, 5, 0, 0, 0, 0x89, 0xFB, 0x89, 0xF1, 0xBA, 0x80, 1, 0, 0, 0xCD, 0x80, 0x5B, 0xC3];
        program.CopyTo(new Span<byte>(code, program.Length));
        Encoding.UTF8.GetBytes(path + "\0").CopyTo(new Span<byte>(code + 4096, 4096));
        return ((delegate* unmanaged<uint, uint, int>)code)((uint)(nint)code + 4096, Kernel.WriteOnly | Kernel.Create);
    }
}
