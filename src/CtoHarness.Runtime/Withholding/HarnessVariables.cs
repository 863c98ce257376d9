using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Gateway;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Withholding;

/// <summary>Finds the values of the harness's own environment that a bundle may not hold. No sandbox is given any of them; a backend may come by one all the same.</summary>
internal static class HarnessVariables
{
    /// <summary>Sorts the values.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="identity">The run.</param>
    /// <param name="interrupt">Ends it early.</param>
    internal static SortedValues Sort(RunRequest request, RunIdentity identity, CancellationToken interrupt)
    {
        var candidates = WithheldVariables.Candidates(request.Environment);
        if (Key(request) is { } key && candidates.All(value => value.Name != key.Name))
        {
            candidates = [.. candidates.Add(key).OrderBy(value => value.Name, StringComparer.Ordinal)];
        }

        return candidates.IsEmpty ? new SortedValues([], []) : WithheldVariables.Sort(candidates, Published(request, identity, interrupt), Path.Exists);
    }

    // The provider's key is one wherever it stands. One that cannot be read is told of before the start.
    private static WithheldValue? Key(RunRequest request) =>
        request.Provider is { } provider && ProviderKey.TryRead(provider, request.Environment, out var key) is null && key is not null
            ? new WithheldValue(provider.KeyVariable.Length > 0 ? provider.KeyVariable : "PROVIDER_KEY", Encoding.UTF8.GetBytes(key))
            : null;

    // What a bundle holds although the run did nothing: the report shows which words and folders that are.
    private static IEnumerable<ReadOnlyMemory<byte>> Published(RunRequest request, RunIdentity identity, CancellationToken interrupt)
    {
        var nothing = new RunEvidence(
            Lane.Subject, identity, null, null, [], [], ImmutableSortedDictionary<string, string>.Empty, null, null, null, null, null, null, [], identity.Started);
        var verdict = Judge.Decide(nothing);
        yield return ReportJson.Of(nothing, verdict, []);
        yield return ReportPage.Of(nothing, verdict, []);
        yield return PolicyJson.Of(request.Policy);
        yield return JsonText.Line(json =>
        {
            json.WriteStartObject();
            IdentityJson.Write(json, identity);
            json.WriteEndObject();
        });
        yield return Encoding.UTF8.GetBytes(string.Join('\n', Words.All.Concat(EventNames.All).Concat(BlockerCode.All.Select(code => code.Text))
            .Concat(request.Targets).Concat(request.Protect)
            .Concat([request.Root.Folder, request.Folders.State, request.Folders.Runs, request.Folders.Configuration])));
        foreach (var file in Files(Path.Combine(request.Root.FixturesFolder, request.Task.ToString()), interrupt).Concat(Files(request.Root.DriversFolder, interrupt)))
        {
            yield return file;
        }
    }

    // Where it cannot be read the run will say so; nothing is exempt by it then.
    private static IEnumerable<ReadOnlyMemory<byte>> Files(string folder, CancellationToken interrupt)
    {
        if (!Directory.Exists(folder) || ReadTree(folder, interrupt) is not { } tree)
        {
            yield break;
        }

        yield return Encoding.UTF8.GetBytes(string.Join('\n', tree.Entries.Select(entry => entry.Path.ToString())));
        using var contents = new ContentReader(folder);
        foreach (var entry in tree.Entries.Where(entry => entry.Kind is EntryKind.File or EntryKind.Executable))
        {
            using var bytes = new MemoryStream();
            var isRead = TryCopy(contents, entry, bytes);
            yield return isRead ? bytes.GetBuffer().AsMemory(0, (int)bytes.Length) : ReadOnlyMemory<byte>.Empty;
        }
    }

    private static Tree? ReadTree(string folder, CancellationToken interrupt)
    {
        try
        {
            return TreeReader.Read(folder, FixtureFolder.Bounds, leaveGit: false, interrupt).Tree;
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException or MachineException or OperationCanceledException)
        {
            return null;
        }
    }

    private static bool TryCopy(ContentReader contents, TreeEntry entry, MemoryStream bytes)
    {
        try
        {
            contents.CopyTo(entry, bytes);
            return true;
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException or MachineException)
        {
            return false;
        }
    }
}
