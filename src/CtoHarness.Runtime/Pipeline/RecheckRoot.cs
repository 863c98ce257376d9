using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Fixtures;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>Puts a harness root together for one recheck: the bundle's fixture, driver and patch; the reader's own fake engine and the command of the reader's own driver.</summary>
internal static class RecheckRoot
{
    /// <summary>The name of the engine that lays the patch.</summary>
    internal const string Engine = "recheck";

    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string Manifest = """
        schema: cto-harness/engine/v1
        name: recheck
        kind: scripted
        version: "1"
        script: recheck.sh
        title: Lays the patch of a bundle over its fixture

        """;

    // The patch follows behind the last line: it is never read by the shell. Outside of a repository no attribute of the tree changes what is written.
    private const string Script = """
        #!/bin/sh
        set -eu
        export LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1
        cd "$1"
        rm -rf .git
        tail -c +START "$0" | git apply --whitespace=nowarn -
        exit

        """;

    /// <summary>The gates of the engine, open.</summary>
    internal static ImmutableDictionary<string, string> OpenGates { get; } = ImmutableDictionary.CreateRange(
    [
        KeyValuePair.Create("CTO_HARNESS_ALLOW_RECHECK", "1"),
        KeyValuePair.Create("CTO_HARNESS_RECHECK_STAGE", RunRequest.Stage.ToString(CultureInfo.InvariantCulture)),
    ]);

    /// <summary>Where the harness root is.</summary>
    /// <param name="top">The scratch folder.</param>
    internal static string Of(string top) => Path.Combine(top, "root");

    /// <summary>The policy: the reader's own sandbox user, the sealed limits, and nothing else.</summary>
    /// <param name="limits">The limits of the sealed contract.</param>
    /// <param name="own">The reader's policy.</param>
    /// <exception cref="IOException">A limit is none that this program knows.</exception>
    internal static RunPolicy Policy(Limits limits, RunPolicy own)
    {
        (string Name, long Value)[] values =
        [
            ("limits.wall_seconds", limits.WallSeconds), ("limits.test_wall_seconds", limits.TestWallSeconds), ("limits.stop_seconds", limits.StopSeconds),
            ("limits.output_bytes", limits.OutputBytes), ("limits.file_bytes", limits.FileBytes), ("limits.workspace_bytes", limits.WorkspaceBytes),
            ("limits.workspace_entries", limits.WorkspaceEntries), ("limits.workspace_depth", limits.WorkspaceDepth),
            ("limits.processes", limits.Processes), ("limits.address_space_bytes", limits.AddressSpaceBytes), ("sandbox.uid", own.SandboxUid),
        ];
        return values.Aggregate(RunPolicy.BuiltIn, (policy, one) =>
        {
            var key = PolicyKeys.All.First(known => known.Name == one.Name);
            return one.Value >= key.Min && one.Value <= key.Max
                ? policy.With(new PolicySetting(one.Name, [one.Value.ToString(CultureInfo.InvariantCulture)], "the bundle's contract"))
                : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"the sealed limit {one.Name} is {one.Value}, which this program does not set"));
        });
    }

    /// <summary>Makes the root.</summary>
    /// <returns>What the reader's own harness root lacks.</returns>
    internal static ImmutableArray<Problem> Make(RecheckRequest request, string top, CancellationToken interrupt)
    {
        var (root, bundle) = (Of(top), Path.Combine(top, "bundle"));
        foreach (var folder in new[] { root, bundle, Path.Combine(root, "engines"), Path.Combine(root, "fixtures"), Path.Combine(root, "drivers") })
        {
            Directory.CreateDirectory(folder, Own);
        }

        foreach (var (name, text) in new[] { ("policy.yaml", "schema: cto-harness/policy/v1\n"), ("models.yaml", "schema: cto-harness/models/v1\n"), ($"engines/{Engine}.yaml", Manifest) })
        {
            File.WriteAllText(Path.Combine(root, name), text);
        }

        BundleReader.Extract(request.Path, request.Content, bundle, IsWanted, interrupt);
        LayFixture(request, bundle, root);
        LayPatch(bundle, root);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        LayFake(request.Root, root, problems);
        LayDriver(request, bundle, root, problems);
        return problems.ToImmutable();
    }

    private static bool IsWanted(string path) =>
        path == "patch.diff" || path.StartsWith("fixture/", StringComparison.Ordinal) || path.StartsWith("driver/", StringComparison.Ordinal);

    // A seal covers no modes, but the tree of the fixture does.
    private static void LayFixture(RecheckRequest request, string bundle, string root)
    {
        var fixture = Path.Combine(bundle, "fixture");
        foreach (var needed in new[] { FixtureFolder.Workspace, FixtureFolder.Solution, FixtureFolder.Verify })
        {
            Directory.CreateDirectory(Path.Combine(fixture, needed)); // one that is empty is in no pack
        }

        var tree = request.Content.Find(EvidenceReader.FixtureTree) is { Content: { } bytes } ? TreeFile.TryRead(bytes) : null;
        foreach (var entry in tree?.Entries.Where(entry => entry.Kind == EntryKind.Executable) ?? [])
        {
            File.SetUnixFileMode(Path.Combine(fixture, Encoding.UTF8.GetString(entry.Path.Bytes)), Own);
        }

        Directory.Move(fixture, Path.Combine(root, "fixtures", request.Review.Subject!.Evidence.Contract!.Fixture.Id.ToString()));
    }

    private static void LayPatch(string bundle, string root)
    {
        var start = Script.Length + 1; // as bytes are counted by tail; what stands for the number is as long as the number
        using var script = new FileStream(Path.Combine(root, "engines", "recheck.sh"), FileMode.CreateNew, FileAccess.Write);
        script.Write(Encoding.ASCII.GetBytes(Script.Replace("START", start.ToString(CultureInfo.InvariantCulture).PadRight("START".Length), StringComparison.Ordinal)));
        using var patch = File.OpenRead(Path.Combine(bundle, "patch.diff"));
        patch.CopyTo(script);
    }

    private static void LayFake(HarnessRoot own, string root, ImmutableArray<Problem>.Builder problems)
    {
        switch (own.Engine(EngineManifest.Fake))
        {
            case Parsed<EngineManifest>.Value { Result: var fake }:
                var script = Path.Combine(root, "engines", fake.Script);
                Directory.CreateDirectory(Path.GetDirectoryName(script)!);
                FileCopier.CopyFile(Path.Combine(own.EnginesFolder, EngineManifest.Fake + ".yaml"), Path.Combine(root, "engines", EngineManifest.Fake + ".yaml"), null);
                FileCopier.CopyFile(Path.Combine(own.EnginesFolder, fake.Script), script, null);
                break;
            case Parsed<EngineManifest>.Refused refused:
                problems.AddRange(refused.Problems);
                break;
        }
    }

    // The contract does not hold it.
    private static string Language(RecheckRequest request, TaskId task)
    {
        const string file = "fixture/fixture.yaml";
        return request.Content.Find(file) is { Content: { } bytes } && FixtureDocument.Read(file, task.ToString(), bytes.Span) is Parsed<Fixture>.Value { Result: var fixture }
            ? fixture.Language : "";
    }

    // What is called is the bundle's driver, whose digest the contract names; how it is called the reader's own manifest says.
    private static void LayDriver(RecheckRequest request, string bundle, string root, ImmutableArray<Problem>.Builder problems)
    {
        var contract = request.Review.Subject!.Evidence.Contract!;
        if (contract.Verification.Driver is null)
        {
            return;
        }

        var language = Language(request, contract.Fixture.Id);

        if (!TaskId.TryParse(language, out _) || !Directory.Exists(Path.Combine(request.Root.DriversFolder, language)))
        {
            problems.Add(new Problem(
                PlainText.Visible(request.Root.DriversFolder), $"there is no driver for the language {PlainText.Quote(language)}, so nothing written in it can be verified here", "name a harness root that has one with --harness-root"));
            return;
        }

        switch (request.Root.Driver(language))
        {
            case Parsed<DriverManifest>.Value { Result: var manifest }:
                var folder = Path.Combine(root, "drivers", language);
                Directory.CreateDirectory(folder);
                FileCopier.CopyFile(Path.Combine(request.Root.DriversFolder, language, "driver.yaml"), Path.Combine(folder, "driver.yaml"), null);
                File.Move(Directory.GetFiles(Path.Combine(bundle, "driver")).Single(), Path.Combine(folder, manifest.File));
                break;
            case Parsed<DriverManifest>.Refused refused:
                problems.AddRange(refused.Problems);
                break;
        }
    }
}
