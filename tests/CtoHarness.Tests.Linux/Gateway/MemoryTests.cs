using System.Diagnostics;
using System.Globalization;
using System.Text;
using CtoHarness.Tests.Linux.Backends;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>What passes through a gateway is never held whole: its process stays small.</summary>
[Trait("Mission", "M10")]
public sealed class MemoryTests
{
    private const long MostKilobytes = 150 << 10;
    private const int AtOnce = 100;
    private const long Hundred = 100_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void An_answer_of_100_MB_passes()
    {
        foreach (var stream in new[] { true, false })
        {
            using var provider = new ScriptedProvider(_ => Turns.Bytes(Hundred));
            Assert.InRange(MostOf(provider.Url, 1, stream, wire => Assert.True(wire.Skip(2 * Hundred) > Hundred)), 1, MostKilobytes);
        }
    }

    [Fact]
    public void A_hundred_streams_at_once_pass_even_where_nobody_reads_at_first()
    {
        using var all = new CountdownEvent(AtOnce);
        using var provider = new RawProvider(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(RawProvider.Head()), stop);
            all.Signal();
            for (var number = 0; number < 40; number++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes("data: {\"x\":\"" + new string('x', 100_000) + "\"}\n\n"), stop);
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(RawProvider.Done), stop);
        });
        Assert.InRange(
            MostOf(provider.Url, AtOnce, true, wire =>
            {
                Assert.True(all.Wait(Patience), "not all streams were under way at once");
                Assert.True(wire.Skip(1L << 40) > 4_000_000);
            }),
            1,
            MostKilobytes);
    }

    // The most memory, in kilobytes, that a gateway in a process of its own took.
    private static long MostOf(string address, int calls, bool stream, Action<Wire> read)
    {
        var program = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!, "CtoHarness.GatewayBench", "release", "gateway-bench.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(program);
        start.ArgumentList.Add("serve");
        start.ArgumentList.Add(address);
        using var process = Process.Start(start)!;
        try
        {
            var port = int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            var body = OpenGateway.Body(stream);
            var callers = Enumerable.Range(0, calls).Select(_ => Task.Factory.StartNew(() =>
            {
                using var wire = new Wire(port);
                wire.Write($"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                read(wire);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            Assert.True(Task.WaitAll(callers, Patience));
            process.StandardInput.Close();
            var told = process.StandardOutput.ReadToEnd();
            Assert.True(process.WaitForExit(Patience));
            Assert.StartsWith($"{calls} passed, 0 refused, most memory ", told, StringComparison.Ordinal);
            Assert.EndsWith("trouble: \n", told, StringComparison.Ordinal);
            return long.Parse(told.Split("most memory ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
