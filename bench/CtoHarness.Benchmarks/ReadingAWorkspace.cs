using BenchmarkDotNet.Attributes;

namespace CtoHarness.Benchmarks;

/// <summary>What does it cost to read and digest what a backend left?</summary>
public class ReadingAWorkspace
{
    private SampleWorkspace? _sample;

    /// <summary>Number of files.</summary>
    [Params(100, 2_000, 20_000)]
    public int Files { get; set; }

    /// <summary>Makes the workspace.</summary>
    [GlobalSetup]
    public void Make() => _sample = SampleWorkspace.Of(Files);

    /// <summary>Reads every file once.</summary>
    /// <returns>The number of entries, so that nothing is left out.</returns>
    [Benchmark]
    public int Read() => SampleWorkspace.Read(_sample!.Changed).Entries.Length;
}
