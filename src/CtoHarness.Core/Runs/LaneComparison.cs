using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Runs;

/// <summary>Compares the backend's lane with the fake engine's.</summary>
public static class LaneComparison
{
    private const int MostNames = 30;

    /// <summary>Says in what the two differ; how long they took is no difference.</summary>
    /// <param name="backend">The backend's lane.</param>
    /// <param name="fake">The fake engine's.</param>
    /// <returns>A line each; empty where they came to the same.</returns>
    public static ImmutableArray<string> Differences(LaneOutcome backend, LaneOutcome fake)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(fake);
        (string What, string Backend, string Fake)[] sides =
        [
            ("status", Words.Of(backend.Status), Words.Of(fake.Status)),
            ("changed files", Names(backend.ChangedFiles?.Select(path => path.ToString())), Names(fake.ChangedFiles?.Select(path => path.ToString()))),
            ("events", Names(backend.Events), Names(fake.Events)),
            ("test command", Word(backend.TestsPassed), Word(fake.TestsPassed)),
            ("expected answers", Count(backend), Count(fake)),
        ];
        return [.. sides.Where(side => side.Backend != side.Fake).Select(side => $"{side.What}: {side.Backend}; fake: {side.Fake}")];
    }

    private static string Names(IEnumerable<string>? names)
    {
        if (names?.ToList() is not { } list)
        {
            return "not observed";
        }

        var more = list.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {list.Count - MostNames} more") : "";
        return list.Count == 0 ? "none" : string.Join(", ", list.Take(MostNames)) + more;
    }

    private static string Word(bool? passed) => passed switch { true => "passed", false => "failed", null => "not run" };

    private static string Count(LaneOutcome lane) => lane.CasesPassed is null
        ? "not asked for"
        : string.Create(CultureInfo.InvariantCulture, $"{lane.CasesPassed} of {lane.CasesExpected}");
}
