using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.MainJob;

/// <summary>The first thing that a user does, done once for all tests of the class.</summary>
public sealed class OneRun : IDisposable
{
    public OneRun()
    {
        Finished = Root.Run("--json").Run();
        Bundle = Finished.Expect(0).Bundle();
    }

    internal TempRoot Root { get; } = new();

    internal Finished Finished { get; }

    internal Bundle Bundle { get; }

    public void Dispose() => Root.Dispose();
}
