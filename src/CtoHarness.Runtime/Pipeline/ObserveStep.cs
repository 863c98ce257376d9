using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Verification;
using CtoHarness.Runtime.Withholding;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Reads what the backend left, compares it with the pinned base and writes the patch. Meanwhile the questions are drawn and the solution is asked.</summary>
internal static class ObserveStep
{
    private const int MostChanges = 25_000; // a report that nobody can read is no evidence
    private const long MostChangedNames = 1 << 20;
    private const long MostChangedBytes = 64 << 20;
    private const long MostPatchBytes = 1L << 30;

    internal static Reached Take(RunSite site, Reached reached)
    {
        if (reached.Questions is not null)
        {
            return Observe(site, reached);
        }

        // The solution is asked now: the backend's processes are gone, and none of its code runs yet beside that of the solution.
        var questions = Questions.Draw(site, reached);
        return Together.Run(() => questions.Solution, () => Observe(site, reached with { Questions = questions })).Other;
    }

    private static Reached Observe(RunSite site, Reached reached)
    {
        reached = reached with { Persistence = PersistenceScanner.Scan(site, reached) };
        var limits = site.Request.Policy.Limits;
        var lane = site.Folders.Subject;
        var (tree, refusal) = Read(lane.Workspace, TreeBounds.Of(limits), site.Interrupt);
        if (tree is null)
        {
            return reached with { Workspace = new WorkspaceOutcome(null, refusal, Digest.Of([]), null) };
        }

        var digestOfTree = tree.Digest();
        var fixture = reached.Contract!.Fixture;
        var change = ReviewedChange.Of(ChangeSet.Between(reached.Base!, tree), fixture.AllowedFiles, [.. fixture.IgnoredFiles, .. reached.Identity.Engine.OwnFilesBeside(reached.Base!)]);
        var counted = change.Allowed.Concat(change.Disallowed).ToList();
        var excess = counted.Count > MostChanges ? $"more than {MostChanges} paths changed"
            : counted.Sum(c => (long)c.Path.Length) > MostChangedNames ? $"the changed paths have more than {MostChangedNames} bytes"
            : TreeFile.Length(tree) > BundleFiles.MostBytes(EvidenceReader.AfterTree) ? $"the list of its entries is longer than {BundleFiles.MostBytes(EvidenceReader.AfterTree)} bytes"
            : counted.Sum(c => c.After?.Bytes ?? 0) > MostChangedBytes ? $"its changes hold more than {MostChangedBytes} bytes"
            : "";
        if (excess.Length > 0)
        {
            return reached with { Workspace = new WorkspaceOutcome(null, excess, Digest.Of([]), digestOfTree) };
        }

        ChangedFiles.RefuseHidden(site, [.. counted, .. change.Ignored]);
        site.Bundle.Write(EvidenceReader.AfterTree, tree);
        using (var patch = site.Bundle.Create("patch.diff"))
        {
            if (counted.Count > 0)
            {
                PatchWriter.Write(site.Folders.Scratch, reached.Repository!, counted, lane.Workspace, patch, MostPatchBytes, site.Interrupt);
            }
        }

        CopyOutput(site, lane.Out);
        var digest = DigestOf(site.Bundle.PathOf("patch.diff"));
        site.Events.Add(EventNames.DiffChecked, json => EventJson.WriteDiff(json, reached.Repository!.Commit, reached.Base!, new WorkspaceNote("", digest, digestOfTree), change));
        return reached with { Workspace = new WorkspaceOutcome(change, "", digest, digestOfTree) };
    }

    // A workspace that was removed, or replaced by a link or a file, holds nothing of what it should.
    private static (Tree? Tree, string Refusal) Read(string folder, TreeBounds bounds, CancellationToken interrupt)
    {
        try
        {
            return TreeReader.Read(folder, bounds, leaveGit: true, interrupt);
        }
        catch (MachineException gone) when (gone.IsNoFolder)
        {
            return (new Tree([]), "");
        }
    }

    // What the backend wrote for itself is kept, by the same careful reading; what is no regular file is left behind.
    private static void CopyOutput(RunSite site, string folder)
    {
        var bounds = new TreeBounds(10_000, site.Request.Policy.Limits.OutputBytes, site.Request.Policy.Limits.OutputBytes, 32);
        var (tree, _) = Read(folder, bounds, site.Interrupt);
        if (tree is null or { Entries.IsEmpty: true })
        {
            return;
        }

        using var contents = new ContentReader(folder);
        var number = 0;
        foreach (var entry in tree.Entries.Where(e => e.Kind is EntryKind.File or EntryKind.Executable))
        {
            Directory.CreateDirectory(site.Bundle.PathOf("backend/raw"));
            number++;
            CopyOne(site, contents, entry, "backend/raw/" + SafeName(site.Bundle.Withheld.Redact(entry.Path.ToString()), number));
        }
    }

    private static Digest DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.FromHash(SHA256.HashData(file));
    }

    private static void CopyOne(RunSite site, ContentReader contents, TreeEntry entry, string name)
    {
        using var file = site.Bundle.Create(name);
        contents.CopyTo(entry, file);
    }

    // A name of ours: the number keeps it unique, the rest says whose it was.
    private static string SafeName(string path, int number)
    {
        var text = string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number:d5}-{(text.Length > 80 ? text[^80..] : text)}");
    }
}
