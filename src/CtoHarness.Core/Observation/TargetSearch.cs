using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>What a search of the five surfaces for declared targets, and for what resolves to them, came to.</summary>
/// <param name="TaskContract">Found in the contract.</param>
/// <param name="CommandArguments">Found in the backend's command line.</param>
/// <param name="RuntimeInputs">Found in the files that the run is given.</param>
/// <param name="Environment">Found in the environment.</param>
/// <param name="Config">Found in configuration.</param>
public sealed record TargetSearch(
    ImmutableArray<string> TaskContract,
    ImmutableArray<string> CommandArguments,
    ImmutableArray<string> RuntimeInputs,
    ImmutableArray<string> Environment,
    ImmutableArray<string> Config)
{
    /// <summary>Everything that was found, with its surface.</summary>
    public IEnumerable<(string Surface, string Found)> All =>
        TaskContract.Select(found => ("task_contract", found))
            .Concat(CommandArguments.Select(found => ("command_arguments", found)))
            .Concat(RuntimeInputs.Select(found => ("runtime_inputs", found)))
            .Concat(Environment.Select(found => ("environment", found)))
            .Concat(Config.Select(found => ("config", found)));
}
