using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Storage;

/// <summary>A run that was not closed, as the first of its events tells of it.</summary>
internal static class UnfinishedRun
{
    private const int MostOfEvents = 4 << 20;

    /// <summary>The row of an unfinished run.</summary>
    /// <param name="folder">The runs folder.</param>
    /// <param name="name">The name of a folder in it.</param>
    /// <returns>The row; null where there is no such folder, or its name is not that of an unfinished bundle.</returns>
    internal static RunRow? Row(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!BundleFolder.TryParse(name, out var run) || FolderClaim.StateOf(path) is not (not ClaimState.Gone and var state))
        {
            return null;
        }

        var row = new RunRow(run.ToString(), path, RunState.Running, null, null, null, null, null, null, "this run goes on");
        row = First(path, run) is { } first
            ? row with { Backend = Named(first.Data.Text("backend")), Task = Named(first.Data.Text("task_id")), StartedAt = Timestamp.Text(first.Time) }
            : row;
        return state switch
        {
            ClaimState.Held => row,
            ClaimState.Free => row with
            {
                State = RunState.Interrupted,
                Status = "inconclusive",
                Fault = "infrastructure",
                Summary = "the harness ended before this run was closed; 'cto-harness runs repair' closes it",
            },
            _ => row with { State = RunState.Unfinished, Summary = "this run was not closed, and its file system does not tell whether it goes on" },
        };
    }

    private static ReadEvent? First(string path, RunId run)
    {
        try
        {
            var start = RegularFile.ReadStart(Path.Combine(path, EventLog.Name), MostOfEvents);
            var end = start.AsSpan().IndexOf((byte)'\n') + 1;
            return EventChain.Read(start.AsMemory(0, end), run).FirstOrDefault() is { Name: EventNames.RunStarted } first ? first : null;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Named(string? name) => name is not null && TaskId.TryParse(name, out _) ? name : null;
}
