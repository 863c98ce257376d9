using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Cases;
using CtoHarness.Documents.Cheats;
using CtoHarness.Documents.Fixtures;
using CtoHarness.Documents.Yaml;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Workspaces;

/// <summary>A fixture as it lies on disk: what its files say, and everything that is wrong with them.</summary>
/// <param name="Folder">Its folder, absolute.</param>
/// <param name="Fixture">What <c>fixture.yaml</c> says; null where it is not sound.</param>
/// <param name="Instruction">What the backend is told.</param>
/// <param name="Cases">How it is verified; null where <c>verify/cases.yaml</c> is not sound.</param>
/// <param name="Cheats">What must be caught; null where <c>verify/cheats.yaml</c> is not sound.</param>
/// <param name="Tree">Everything in the folder; null where it was refused.</param>
/// <param name="Problems">All that is wrong; empty for a sound fixture.</param>
public sealed record FixtureFolder(
    string Folder, Fixture? Fixture, string Instruction, CaseSet? Cases, CheatSet? Cheats, Tree? Tree, ImmutableArray<Problem> Problems)
{
    internal const string Workspace = "workspace";
    internal const string Solution = "solution";
    internal const string Verify = "verify";
    private const string Description = "fixture.yaml";
    private const string InstructionFile = "instruction.md";
    private const string CasesFile = "verify/cases.yaml";
    private const string CheatsFile = "verify/cheats.yaml";
    internal static readonly TreeBounds Bounds = new(20_000, 1L << 30, 256 << 20, 128);

    /// <summary>Reads a fixture.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>What was found; it never throws for what the files say.</returns>
    public static FixtureFolder Read(string folder, CancellationToken interrupt)
    {
        var problems = new List<Problem>();
        var (tree, isClosed) = ReadTree(folder, problems, interrupt);
        if (isClosed)
        {
            return new FixtureFolder(folder, null, "", null, null, null, [.. problems]); // what is in it nobody can tell
        }

        var fixture = Take(HarnessRoot.Read(Place(folder, Description), bytes => FixtureDocument.Read(Place(folder, Description), Path.GetFileName(folder), bytes)), problems);
        var instruction = tree is null ? "" : ReadInstruction(folder, problems);
        var cases = tree is null ? null : Take(HarnessRoot.Read(Place(folder, CasesFile), bytes => CasesDocument.Read(Place(folder, CasesFile), bytes)), problems);
        var cheats = tree is null ? null : Take(HarnessRoot.Read(Place(folder, CheatsFile), bytes => CheatsDocument.Read(Place(folder, CheatsFile), bytes)), problems);
        foreach (var needed in new[] { Workspace, Solution }.Where(name => !Directory.Exists(Place(folder, name))))
        {
            problems.Add(new Problem(folder, $"the folder {needed}/ is missing", $"add {needed}/ with the files of the {needed}"));
        }

        if (Path.Exists(Place(folder, Workspace + "/.git")))
        {
            problems.Add(new Problem(Place(folder, Workspace), "it holds a .git", "remove it: the harness makes the repository from the files"));
        }

        return new FixtureFolder(folder, fixture, instruction, cases, cheats, tree, [.. problems]);
    }

    private static (Tree? Tree, bool IsClosed) ReadTree(string folder, List<Problem> problems, CancellationToken interrupt)
    {
        try
        {
            var (tree, refusal) = TreeReader.Read(folder, Bounds, leaveGit: false, interrupt);
            if (tree is null)
            {
                problems.Add(new Problem(folder, refusal, "make the fixture smaller"));
                return (null, false);
            }

            var odd = tree.Entries.Where(e => e.Kind is EntryKind.Link or EntryKind.Special).ToList();
            problems.AddRange(odd.Take(20).Select(e => new Problem(
                folder, $"{PlainText.Quote(e.Path.ToString())} is {(e.Kind == EntryKind.Link ? "a link" : e.Note)}", "a fixture holds only regular files and folders")));
            var hidden = tree.Entries.Where(e => !IsPlain(e.Path)).ToList();
            problems.AddRange(hidden.Take(20).Select(e => new Problem(
                folder, $"the name {PlainText.Visible(e.Path.ToQuoted(), 400)} cannot be shown or sealed as it is", "use names of printable characters, without quotes and backslashes, of at most 1024 bytes")));
            return (odd.Count + hidden.Count > 0 ? null : tree, false);
        }
        catch (MachineException closed)
        {
            problems.Add(new Problem(folder, $"it cannot be read: {closed.Message}", "make the folder readable"));
            return (null, true);
        }
    }

    // As a subject of a seal a file has its plain name.
    private static bool IsPlain(RelativePath path) =>
        path.Length <= BundleFiles.LongestPath - Workspace.Length && path.Bytes.SequenceEqual(Encoding.UTF8.GetBytes(path.ToString()));

    private static string ReadInstruction(string folder, List<Problem> problems)
    {
        var path = Place(folder, InstructionFile);
        return Take(HarnessRoot.Read(path, bytes => Decode(path, bytes)), problems) ?? "";
    }

    private static Parsed<string> Decode(string path, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, true).GetString(bytes);
            return string.IsNullOrWhiteSpace(text) || bytes.Length > YamlText.MaxBytes || text.Contains('\0', StringComparison.Ordinal)
                ? new Parsed<string>.Refused([new Problem(path, "it is empty, too long or holds NUL", "write what the backend has to do, as text")])
                : new Parsed<string>.Value(text);
        }
        catch (DecoderFallbackException)
        {
            return new Parsed<string>.Refused([new Problem(path, "it is not UTF-8", "save it as UTF-8")]);
        }
    }

    private static T? Take<T>(Parsed<T> parsed, List<Problem> problems)
        where T : class
    {
        if (parsed is Parsed<T>.Refused refused)
        {
            problems.AddRange(refused.Problems);
            return null;
        }

        return ((Parsed<T>.Value)parsed).Result;
    }

    private static string Place(string folder, string name) => Path.Combine(folder, name);
}
