using BenchmarkDotNet.Attributes;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Benchmarks;

/// <summary>What does it cost to write the patch of ten changed files? The repository of the base is there, as from the second run on.</summary>
public class WritingAPatch
{
    private const long MostBytes = 1 << 20;

    private SampleWorkspace? _sample;
    private BaseRepository? _repository;
    private ChangeSet? _changes;
    private string _made = "";

    /// <summary>Number of files in the workspace, ten of which are changed.</summary>
    [Params(100, 2_000, 20_000)]
    public int Files { get; set; }

    /// <summary>Makes the workspace, its repository and the change set.</summary>
    [GlobalSetup]
    public void Make()
    {
        _sample = SampleWorkspace.Of(Files);
        var before = SampleWorkspace.Read(_sample.Pristine);
        _repository = BaseRepository.Ensure(_sample.Repositories, _sample.Pristine, before, CancellationToken.None);
        _changes = ChangeSet.Between(before, SampleWorkspace.Read(_sample.Changed));
    }

    /// <summary>Chooses another scratch folder for each patch.</summary>
    [IterationSetup]
    public void Choose() => _made = _sample!.NextMade();

    /// <summary>Writes the patch: git's fast-import and diff-tree in a scratch repository.</summary>
    [Benchmark]
    public void Write() =>
        PatchWriter.Write(_made, _repository!, _changes!.Changes, _sample!.Changed, Stream.Null, MostBytes, CancellationToken.None);
}
