using BenchmarkDotNet.Attributes;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Benchmarks;

/// <summary>What does one lane's copy of a workspace cost? A run makes two.</summary>
public class CopyingAWorkspace
{
    private SampleWorkspace? _sample;
    private string _made = "";

    /// <summary>Number of files.</summary>
    [Params(100, 2_000, 20_000)]
    public int Files { get; set; }

    /// <summary>Makes the workspace.</summary>
    [GlobalSetup]
    public void Make() => _sample = SampleWorkspace.Of(Files);

    /// <summary>Chooses another folder for each copy.</summary>
    [IterationSetup]
    public void Choose() => _made = _sample!.NextMade();

    /// <summary>Copies it, as a run does: as root, each file is given to the sandbox's user.</summary>
    [Benchmark]
    public void Copy() => FileCopier.CopyFolder(_sample!.Pristine, _made, SampleWorkspace.Owner, CancellationToken.None);
}
