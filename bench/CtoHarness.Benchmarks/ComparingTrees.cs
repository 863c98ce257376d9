using BenchmarkDotNet.Attributes;
using CtoHarness.Core.Trees;

namespace CtoHarness.Benchmarks;

/// <summary>What does it cost to find the changes between two trees that have been read? No file is opened.</summary>
[InvocationCount(100)]
public class ComparingTrees
{
    private Tree? _before;
    private Tree? _after;

    /// <summary>Number of files, ten of which are changed.</summary>
    [Params(100, 2_000, 20_000)]
    public int Files { get; set; }

    /// <summary>Reads both trees.</summary>
    [GlobalSetup]
    public void Read()
    {
        var sample = SampleWorkspace.Of(Files);
        _before = SampleWorkspace.Read(sample.Pristine);
        _after = SampleWorkspace.Read(sample.Changed);
    }

    /// <summary>Compares them.</summary>
    /// <returns>The number of changes, so that nothing is left out.</returns>
    [Benchmark]
    public int Compare() => ChangeSet.Between(_before!, _after!).Changes.Length;
}
