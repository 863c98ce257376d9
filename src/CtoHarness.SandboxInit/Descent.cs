using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CtoHarness.SandboxInit;

/// <summary>The steps of the confinement, in order, all on one thread: what is laid on it holds for the program and all its children.</summary>
internal static unsafe class Descent
{
    private const int NoNewPrivileges = 38;
    private const uint FilterMode = 1;
    private const uint NewListener = 8;
    private const uint WaitKillable = 32;
    private const uint RangeCloseOnExec = 4;

    // The variables that the harness sets for this program alone.
    private static readonly string[] Own = ["DOTNET_ROOT=", "DOTNET_EnableDiagnostics=", "DOTNET_EnableWriteXorExecute="];

    /// <summary>Goes down. Returns only where the last step failed.</summary>
    internal static void Run(Orders orders)
    {
        var arguments = Native([.. orders.Program.Select(Kernel.Text)]);
        var environment = Native(Variables());
        if (orders.Port > 0)
        {
            HandOutListener(orders);
        }

        ResetSignals();
        if (Kernel.Control(NoNewPrivileges, 1, 0, 0, 0) < 0)
        {
            throw new RefusedException("no_new_privs", Kernel.Error);
        }

        if (Kernel.CloseRange(3, uint.MaxValue, RangeCloseOnExec) < 0)
        {
            throw new RefusedException("close_range", Kernel.Error);
        }

        var landlock = Landlock.Restrict(orders);
        var layers = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Nlandlock={landlock}"));
        if (orders.Canary is { } canary)
        {
            WarmUp();
            var plan = CanaryPlan.Read(canary);
            Fall(orders, layers, null, null);
            Canary.Run(orders.Channel, plan);
            Kernel.Exit(0);
            return;
        }

        WarmUp();
        Fall(orders, layers, arguments, environment);
    }

    // The last steps. Between the filter and the message no managed call may open anything: nobody answers yet.
    private static void Fall(Orders orders, byte[] layers, byte** arguments, byte** environment)
    {
        var channel = orders.Channel;
        var messenger = orders.IsObserved ? new Messenger(channel, layers) : null;
        fixed (byte* filter = orders.Filter)
        fixed (byte* text = layers)
        {
            var program = stackalloc byte[16]; // struct sock_fprog
            *(ushort*)program = (ushort)(orders.Filter.Length / 8);
            *(byte**)(program + 8) = filter;
            var number = Kernel.Number(317, 277);
            var notifications = -1;
            if (orders.Filter.Length > 0)
            {
                notifications = (int)Kernel.Call(number, (nint)FilterMode, orders.IsObserved ? (nint)(NewListener | WaitKillable) : 0, (nint)program, 0, 0, 0);
                if (notifications < 0)
                {
                    throw new RefusedException("seccomp", Kernel.Error);
                }
            }

            if (messenger is null)
            {
                _ = Channel.Send(channel, text, layers.Length, -1);
            }
            else
            {
                messenger.Send(notifications);
                _ = Kernel.Close(notifications);
            }

            if (arguments is null)
            {
                return;
            }

            _ = Kernel.Become(arguments[0], arguments, environment);
            var failed = stackalloc byte[6]; // "X" and the number of the error
            failed[0] = (byte)'X';
            var error = Kernel.Error;
            for (var place = 5; place > 0; place--, error /= 10)
            {
                failed[place] = (byte)('0' + (error % 10));
            }

            _ = Channel.Send(channel, failed, 6, -1);
            Kernel.Exit(Program.SandboxFailed);
        }
    }

    // Each call of the last steps once, so that none has to be looked up there.
    private static void WarmUp()
    {
        byte nothing = 0;
        byte* none = null;
        _ = Kernel.Call(Kernel.Number(317, 277), 99, 0, 0, 0, 0, 0);
        _ = Channel.Send(-1, &nothing, 1, -1);
        new Messenger(-1, [nothing]).Send(0);
        _ = Kernel.Become(&nothing, &none, &none);
        _ = Kernel.Close(-1);
        _ = Kernel.Error;
    }

    // execve passes on what is ignored, and this runtime ignores SIGPIPE.
    private static void ResetSignals()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("SigIgn:", StringComparison.Ordinal) && ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ignored))
            {
                for (var number = 1; number <= 64; number++)
                {
                    if ((ignored & (1UL << (number - 1))) != 0)
                    {
                        _ = Kernel.SetSignal(number, 0);
                    }
                }

                return;
            }
        }

        throw new RefusedException("SigIgn of /proc/self/status", 0);
    }

    private static void HandOutListener(Orders orders)
    {
        var socket = Kernel.Socket(2, 1 | Kernel.CloseOnExec, 0);
        var one = 1;
        var address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        address[0] = 2;
        address[2] = (byte)(orders.Port >> 8);
        address[3] = (byte)(orders.Port & 0xff);
        address[4] = 127;
        address[7] = 1;
        var text = (byte)'L';
        if (socket < 0 || Kernel.SetOption(socket, 1, 2, &one, 4) < 0 || Kernel.Bind(socket, address, 16) < 0 || Kernel.Listen(socket, 128) < 0
            || Channel.Send(orders.Channel, &text, 1, socket) < 0)
        {
            throw new RefusedException($"listen on 127.0.0.1:{orders.Port}", Kernel.Error);
        }

        _ = Kernel.Close(socket);
    }

    // Exactly the bytes that were given, but for our own.
    private static byte[][] Variables()
    {
        var all = File.ReadAllBytes("/proc/self/environ");
        var list = new List<byte[]>();
        var from = 0;
        while (Array.IndexOf(all, (byte)0, from) is >= 0 and var end)
        {
            var one = all[from..(end + 1)];
            if (!Own.Any(name => one.AsSpan().StartsWith(Encoding.ASCII.GetBytes(name))))
            {
                list.Add(one);
            }

            from = end + 1;
        }

        return [.. list];
    }

    private static byte** Native(byte[][] texts)
    {
        var list = (byte**)NativeMemory.Alloc((nuint)(texts.Length + 1), (nuint)sizeof(byte*));
        for (var at = 0; at < texts.Length; at++)
        {
            list[at] = (byte*)NativeMemory.Alloc((nuint)texts[at].Length);
            texts[at].CopyTo(new Span<byte>(list[at], texts[at].Length));
        }

        list[texts.Length] = null;
        return list;
    }
}
