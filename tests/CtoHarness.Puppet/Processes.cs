using System.Globalization;

namespace CtoHarness.Puppet;

/// <summary>Attacks on other processes.</summary>
internal static unsafe class Processes
{
    private const int KillSignal = 9;
    private const int NewUserNamespace = 0x10000000;
    private const int Seize = 0x4206;
    private const int KillWithMe = 0x100000;
    private const int OpenFiles = 7;

    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["kill"] = words => Kernel.Do(Call.Kill, Number(words[0]), KillSignal),
        ["kill-by-descriptor"] = words => Writes.First(Kernel.Do(Call.PidfdOpen, Number(words[0]), 0), () => Kernel.Do(Call.PidfdSignal, Kernel.Do(Call.PidfdOpen, Number(words[0]), 0), KillSignal, 0, 0)),
        ["trace"] = words => Kernel.Do(Call.Ptrace, Seize, Number(words[0]), 0, KillWithMe),
        ["write-memory"] = words => Memory(Call.ProcessWrite, Number(words[0]), Number(words[1]), Kernel.Text("changed"), 8),
        ["read-memory"] = ReadMemory,
        ["write-memory-file"] = words => Kernel.Open($"/proc/{words[0]}/mem", Kernel.ReadWrite) is var file && file < 0 ? file
            : Writes.First(Kernel.Do(Call.Seek, file, Number(words[1]), 0), () => Kernel.Put(file, "changed\0")),
        ["take-descriptor"] = words => Kernel.Do(Call.PidfdOpen, Number(words[0]), 0) is var process && process < 0 ? process
            : Reads.Loot(Kernel.Do(Call.PidfdGet, process, Number(words[1]), 0)),
        ["limit"] = words => Kernel.Do(Call.PrLimit, Number(words[0]), OpenFiles, Kernel.Bytes([77, 0, 0, 0, 0, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0]), 0),
        ["slow-down"] = words => Kernel.Do(Call.SetPriority, 0, Number(words[0]), 15),
        ["shared-memory"] = words => WriteShared((int)Number(words[0])),
        ["daemon"] = words => Daemon(words, closes: true),
        ["hold"] = words => Daemon(words, closes: false),
        ["new-user"] = words => InChild(() => Kernel.Do(Call.Unshare, NewUserNamespace), words[0]),
        ["new-user-clone3"] = words => CloneThree(words[0]),
        ["multiply"] = words => Multiply((int)Number(words[0])),
        ["stay"] = words => Stay(words),
    };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static long Memory(Call call, long process, long address, nint here, int count)
    {
        var parts = (nint*)Kernel.Bytes(new byte[32]);
        (parts[0], parts[1], parts[2], parts[3]) = (here, count, (nint)address, count);
        return Kernel.Do(call, process, (nint)parts, 1, (nint)(parts + 2), 1, 0);
    }

    private static long ReadMemory(string[] words)
    {
        var here = Kernel.Bytes(new byte[64]);
        var count = Memory(Call.ProcessRead, Number(words[0]), Number(words[1]), here, 64);
        return count < 0 ? count : Reads.Keep(new Span<byte>((void*)here, 64).ToArray());
    }

    private static long WriteShared(int key)
    {
        var memory = Kernel.Do(Call.SharedGet, key, 4096, 0);
        var place = memory < 0 ? memory : Kernel.Do(Call.SharedAttach, memory, 0, 0);
        if (place is < 0 and > -4096)
        {
            return place;
        }

        "changed\0"u8.CopyTo(new Span<byte>((void*)(nint)place, 8));
        return 0;
    }

    // Out of the session, twice, as daemons do; it becomes another program that stays.
    private static long Daemon(string[] words, bool closes)
    {
        var child = Kernel.Fork();
        if (child != 0)
        {
            return child < 0 ? child : Kernel.Wait(child);
        }

        _ = Kernel.Do(Call.SetSession);
        if (Kernel.Fork() != 0)
        {
            return Reads.Exit(0);
        }

        for (var standard = 0; closes && standard < 3; standard++)
        {
            _ = Kernel.Do(Call.Dup3, Kernel.Open("/dev/null", Kernel.ReadWrite), standard, 0);
        }

        return Reads.Exit(Kernel.Become(words));
    }

    private static long InChild(Func<long> act, string rollCall)
    {
        var child = Kernel.Fork();
        if (child == 0)
        {
            _ = Reads.Exit(Writes.First(act(), () => Network.RollCall(rollCall)));
        }

        return child < 0 ? child : -Kernel.Wait(child);
    }

    private static long CloneThree(string rollCall)
    {
        var arguments = (long*)Kernel.Bytes(new byte[88]);
        (arguments[0], arguments[4]) = (NewUserNamespace, Kernel.ChildSignal);
        _ = Network.RollCall("nobody"); // so that the child has nothing to look up
        var child = Kernel.Do(Call.Clone3, (nint)arguments, 88);
        if (child == 0)
        {
            _ = Reads.Exit(Network.RollCall(rollCall));
        }

        return child < 0 ? child : -Kernel.Wait(child);
    }

    // Each child leaves a byte and stays until all are there.
    private static long Multiply(int most)
    {
        var count = Kernel.Open("count", Kernel.WriteOnly | Kernel.Create | Kernel.Append);
        var ends = (int*)Kernel.Bytes(new byte[8]);
        _ = Kernel.Do(Call.Pipe2, (nint)ends, 0);
        var one = Kernel.Text("x");
        for (var at = 0; at < most; at++)
        {
            var child = Kernel.Fork();
            if (child < 0)
            {
                return child;
            }

            if (child == 0)
            {
                _ = Kernel.Do(Call.Close, ends[1]);
                _ = Kernel.Do(Call.Write, count, one, 1);
                _ = Kernel.Do(Call.Read, ends[0], one, 1);
                _ = Reads.Exit(0);
            }
        }

        return 0;
    }

    // Takes no request to end for an answer.
    private static long Stay(string[] words)
    {
        using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context => context.Cancel = true);
        Thread.Sleep(TimeSpan.FromSeconds(Number(words[0])));
        return 0;
    }
}
