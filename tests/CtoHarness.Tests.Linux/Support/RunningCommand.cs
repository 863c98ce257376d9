using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>A call that goes on.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly Process _process;
    private readonly HarnessCommand _command;
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();
    private readonly Task _streams;

    internal RunningCommand(Process process, HarnessCommand command)
    {
        _process = process;
        _command = command;
        process.StandardInput.Close();
        _streams = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(_output), process.StandardError.BaseStream.CopyToAsync(_error));
    }

    public int Id => _process.Id;

    /// <summary>The most memory that the process itself ever had, in bytes, as far as it was looked at.</summary>
    public long PeakMemory { get; private set; }

    /// <summary>Waits until it has ended; one that takes too long is killed, and the test fails.</summary>
    public Finished Wait()
    {
        var until = Environment.TickCount64 + (long)_command.Limit.TotalMilliseconds;
        while (!_process.WaitForExit(20))
        {
            PeakMemory = Math.Max(PeakMemory, Peak());
            if (Environment.TickCount64 > until)
            {
                _process.Kill(entireProcessTree: true);
                Assert.Fail($"{_command} did not end within {_command.Limit}; until then it wrote: {Text(_output)}{Text(_error)}");
            }
        }

        Assert.True(_streams.Wait(TimeSpan.FromSeconds(10)), $"{_command} has ended, but somebody holds its streams open");
        var finished = new Finished(_command.Root, _process.ExitCode, _output.ToArray(), Text(_error));
        Assert.DoesNotContain("   at CtoHarness", finished.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at System", finished.Error, StringComparison.Ordinal);
        return finished;
    }

    /// <summary>Waits for a time.</summary>
    /// <returns>Whether it ended meanwhile.</returns>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Waits until something holds.</summary>
    public void WaitFor(string what, Func<bool> holds)
    {
        var until = Environment.TickCount64 + (long)_command.Limit.TotalMilliseconds;
        while (!holds())
        {
            Assert.False(_process.HasExited, $"{_command} ended before {what}: {Text(_error)}");
            Assert.True(Environment.TickCount64 < until, $"{_command}: {what} never came");
            Thread.Sleep(20);
        }
    }

    /// <summary>Sends a signal to the process; one that has just ended is no fault.</summary>
    public void Signal(string name) => Tool.Try("/bin/kill", $"-{name}", Id.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    private long Peak()
    {
        try
        {
            var line = File.ReadLines($"/proc/{Id.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(one => one.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
