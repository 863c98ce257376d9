namespace CtoHarness.Runtime.Sandboxing;

/// <summary>How many sandboxes besides the backend's own run at a time: two, on a machine where a third would only slow them.</summary>
internal sealed class SandboxSlots : IDisposable
{
    private const int Most = 2;
    private static readonly SemaphoreSlim Free = new(Most);

    private SandboxSlots()
    {
    }

    /// <summary>Waits for a free place.</summary>
    internal static SandboxSlots Take(CancellationToken interrupt)
    {
        Free.Wait(interrupt);
        return new SandboxSlots();
    }

    /// <inheritdoc/>
    public void Dispose() => Free.Release();
}
