using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Gateway;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.GatewayBench;

/// <summary>Serves a gateway, says on which port, and at the end of its input what there was and how much memory it took.</summary>
internal static class Serving
{
    /// <summary>The model that may be called.</summary>
    internal const string Model = "scripted";

    private const string Key = "key-of-the-bench-0123456789";
    private const long TrafficBytes = 32 << 20;

    internal static int Run(string address)
    {
#pragma warning disable CA2000, CA1816 // the gateway closes what both stand for
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var handle = new SafeFileHandle(socket.SafeHandle.DangerousGetHandle(), ownsHandle: true);
        socket.SafeHandle.SetHandleAsInvalid();
        GC.SuppressFinalize(socket);
#pragma warning restore CA2000, CA1816
        var path = Path.GetTempFileName();
        using var traffic = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
        using var gateway = new ModelGateway(PlanFor(address, port), _ => { }, traffic, ValueSearch.None, TimeProvider.System);
        gateway.Serve(handle);
        Console.WriteLine(port);
        Console.In.ReadToEnd();
        var seen = gateway.Close();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen.Forwarded} passed, {seen.Refused} refused, most memory {MostKilobytes()} kB, trouble: {seen.Trouble}"));
        return seen.Trouble.Length == 0 ? 0 : 1;
    }

    private static GatewayPlan PlanFor(string address, int port) => new(
        new Core.Contracts.Provider("bench", "Bench", address, Core.Contracts.Provider.ChatCompletions, "BENCH_KEY", "", true), new ModelName("bench", Model), Key, new string('0', 64),
        new GatewayLimits(long.MaxValue, long.MaxValue, 8 << 20, 1L << 40, 60, TrafficBytes, 0), TimeSpan.FromMinutes(1), port);

    private static string MostKilobytes() =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
