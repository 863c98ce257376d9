using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Storage;

/// <summary>How a folder among the runs is to be read.</summary>
public enum RunState
{
    /// <summary>A bundle of this harness.</summary>
    Complete,

    /// <summary>A folder that the earlier harness wrote.</summary>
    Legacy,

    /// <summary>A folder with a run's name whose report cannot be read.</summary>
    Unreadable,

    /// <summary>A run that goes on.</summary>
    Running,

    /// <summary>A run whose harness ended before it was closed.</summary>
    Interrupted,

    /// <summary>A run that was not closed, on a file system that does not tell whether it goes on.</summary>
    Unfinished,
}

/// <summary>One row of the list of runs. Its words come from a file and are made safe to show.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Path">The folder.</param>
/// <param name="State">How it is to be read.</param>
/// <param name="Status">The report's status; null where there is none.</param>
/// <param name="Fault">The report's fault.</param>
/// <param name="Backend">The engine's name.</param>
/// <param name="Task">The task's name.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Summary">The report's sentence.</param>
public sealed record RunRow(
    string Name, string Path, RunState State, string? Status, string? Fault, string? Backend, string? Task, string? StartedAt, long? DurationMs, string? Summary);

/// <summary>The runs in a folder, as their reports say; nothing here verifies them.</summary>
public static class RunCatalogue
{
    private const int MostReport = 64 << 20;
    private static readonly ImmutableArray<string> Statuses = ["pass", "fail", "blocked", "inconclusive"];
    private static readonly ImmutableArray<string> Faults = ["none", "backend", "policy", "provider", "verifier", "infrastructure"];

    /// <summary>Lists the runs, newest first.</summary>
    /// <param name="folder">The runs folder; one that is missing holds none.</param>
    /// <returns>The rows, those of unfinished runs among them, and the names of all folders that were begun and not finished.</returns>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public static (ImmutableArray<RunRow> Rows, ImmutableArray<string> Unfinished) List(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return ([], []);
        }

        var names = new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.LinkTarget is null).Select(d => d.Name).ToList();
        return (
            [.. names.Where(name => name[0] != '.' && IsRun(folder, name)).Select(name => Row(folder, name))
                .Concat(names.Select(name => UnfinishedRun.Row(folder, name)).OfType<RunRow>())
                .OrderByDescending(row => row.StartedAt ?? row.Name, NewestFirst).ThenByDescending(row => row.Name, StringComparer.Ordinal)],
            [.. names.Where(name => name.EndsWith(BundleFolder.Unfinished, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Finds one run.</summary>
    /// <param name="folder">The runs folder.</param>
    /// <param name="name">A run's name, or <c>latest</c>.</param>
    /// <returns>Its row, or null.</returns>
    public static RunRow? Find(string folder, string name)
    {
        if (name == "latest")
        {
            return List(folder).Rows.FirstOrDefault(row => row.State == RunState.Complete);
        }

        var plain = name.Length > 0 && name[0] != '.' && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal);
        return !plain ? null
            : new DirectoryInfo(System.IO.Path.Combine(folder, name)) is { Exists: true, LinkTarget: null } ? Row(folder, name)
            : UnfinishedRun.Row(folder, $".{name}{BundleFolder.Unfinished}");
    }

    // The time in a name has no punctuation, the one in a report has: compared by their digits, both are times.
    private static readonly Comparer<string> NewestFirst = Comparer<string>.Create(static (a, b) =>
        string.CompareOrdinal(Digits(a), Digits(b)));

    private static string Digits(string time) => new([.. time.Where(char.IsAsciiDigit).Take(17)]);

    private static bool IsRun(string folder, string name) =>
        RunId.TryParse(name, out _) || System.IO.Path.Exists(System.IO.Path.Combine(folder, name, "report.json"));

    private static RunRow Row(string folder, string name)
    {
        var path = System.IO.Path.Combine(folder, name);
        var report = System.IO.Path.Combine(path, "report.json");
        try
        {
            if (!System.IO.Path.Exists(report))
            {
                return Empty(name, path, RunState.Legacy);
            }

            using var document = JsonDocument.Parse(RegularFile.Read(report, MostReport, followLink: false));
            return Text(document.RootElement, "schema") == "cto-harness/report/v1"
                ? Read(document.RootElement, name, path)
                : Empty(name, path, RunState.Legacy);
        }
        catch (Exception odd) when (odd is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return Empty(name, path, RunState.Unreadable);
        }
    }

    private static RunRow Read(JsonElement report, string name, string path)
    {
        var row = new RunRow(
            PlainText.Visible(name, 250), path, RunState.Complete,
            OneOf(report, "status", Statuses), OneOf(report, "fault", Faults), Text(report, "backend"), Text(report, "task_id"), Time(report),
            report.TryGetProperty("duration_ms", out var duration) && duration.ValueKind == JsonValueKind.Number && duration.TryGetInt64(out var ms) ? ms : null,
            Text(report, "summary"));
        return row.Status is null || Text(report, "run_id") != name ? Empty(name, path, RunState.Unreadable) : row;
    }

    private static RunRow Empty(string name, string path, RunState state) =>
        new(PlainText.Visible(name, 250), path, state, null, null, null, null, null, null, null);

    private static string? Text(JsonElement report, string name) =>
        report.ValueKind == JsonValueKind.Object && report.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? PlainText.Visible(value.GetString()!, 1000)
            : null;

    private static string? Time(JsonElement report) =>
        Text(report, "started_at") is { } text
        && DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? text : null;

    private static string? OneOf(JsonElement report, string name, ImmutableArray<string> words) =>
        Text(report, name) is { } word && words.Contains(word) ? word : null;
}
