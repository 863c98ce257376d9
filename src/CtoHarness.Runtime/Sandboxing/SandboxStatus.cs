using System.Text;
using System.Text.Json;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What bubblewrap says of itself on a descriptor that no program inside has.</summary>
internal sealed class SandboxStatus
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The namespace of the program; null until bubblewrap has made it.</summary>
    internal PidNamespace? Processes { get; private set; }

    /// <summary>The exit code of the program; null while it runs, and for ever where the sandbox failed.</summary>
    internal int? ExitCode { get; private set; }

    /// <summary>Waits until the program's namespace is known.</summary>
    internal bool WaitForBegin(TimeSpan atMost) => _begun.Task.Wait(atMost);

    /// <summary>Waits until bubblewrap has said all it has to say.</summary>
    internal bool WaitForEnd(TimeSpan atMost) => _ended.Task.Wait(atMost);

    /// <summary>Reads the descriptor to its end.</summary>
    internal void Read(Stream status)
    {
        try
        {
            using var lines = new StreamReader(status, Encoding.UTF8);
            while (lines.ReadLine() is { } line)
            {
                Take(line);
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void Take(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("child-pid", out var child) && child.TryGetInt32(out var id))
            {
                Processes = PidNamespace.Of(id);
                _begun.TrySetResult();
            }

            if (document.RootElement.TryGetProperty("exit-code", out var code) && code.TryGetInt32(out var number))
            {
                ExitCode = number;
            }
        }
        catch (JsonException)
        {
            // an unknown line says nothing
        }
    }
}
