using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CtoHarness.Benchmarks;

// In this process: BenchmarkDotNet 0.14 would build a project of its own, and knows neither .NET 10 nor an artifacts folder.
// One invocation is one whole copy, reading or patch, as in a run; so a few of them tell enough.
var job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithStrategy(RunStrategy.Monitoring)
    .WithWarmupCount(2)
    .WithIterationCount(7)
    .WithInvocationCount(1)
    .WithUnrollFactor(1);
var config = DefaultConfig.Instance
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
    .HideColumns(Column.Job, Column.Toolchain, Column.RunStrategy, Column.InvocationCount, Column.UnrollFactor, Column.IterationCount, Column.WarmupCount)
    .WithArtifactsPath(Path.GetFullPath("../../../benchmarks", AppContext.BaseDirectory));
try
{
    BenchmarkSwitcher.FromAssembly(typeof(SampleWorkspace).Assembly).Run(args, config);
}
finally
{
    SampleWorkspace.RemoveAll();
}
