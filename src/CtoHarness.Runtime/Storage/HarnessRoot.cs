using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Drivers;
using CtoHarness.Documents.Engines;
using CtoHarness.Documents.Models;
using CtoHarness.Documents.Policies;
using CtoHarness.Documents.Yaml;
using CtoHarness.Runtime.Roots;

namespace CtoHarness.Runtime.Storage;

/// <summary>The data that runs are made from: policy, models, engines, fixtures, with the user's overlay.</summary>
public sealed class HarnessRoot
{
    private static readonly ImmutableArray<string> Needed = ["policy.yaml", "models.yaml", "engines", "fixtures", "drivers"];
    private static readonly ImmutableArray<string> Folders = ["", "engines", "fixtures", "drivers"];
    private readonly string _overlay;

    private HarnessRoot(string folder, string overlay)
    {
        Folder = folder;
        _overlay = overlay;
    }

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>Opens a harness root.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="overlay">The user's configuration folder, which need not exist.</param>
    /// <returns>The root, or why it cannot be used.</returns>
    public static Parsed<HarnessRoot> Open(string folder, string overlay)
    {
        var full = Path.GetFullPath(folder);
        try
        {
            foreach (var inner in Folders.Where(inner => inner.Length == 0 || Directory.Exists(Path.Combine(full, inner))))
            {
                _ = Directory.EnumerateFileSystemEntries(Path.Combine(full, inner)).Any();
            }
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return Refused(
                PlainText.Visible(full),
                Directory.Exists(full) ? $"the harness root cannot be read: {closed.Message}" : "there is no such harness root",
                "name a readable folder that holds policy.yaml, models.yaml, engines/, fixtures/ and drivers/ with --harness-root");
        }

        var missing = Needed.Where(name => !Path.Exists(Path.Combine(full, name))).ToList();
        return missing.Count > 0
            ? Refused(PlainText.Visible(full), $"this is no harness root: it has no {string.Join(", no ", missing)}", "name another folder with --harness-root")
            : new Parsed<HarnessRoot>.Value(new HarnessRoot(full, overlay));
    }

    /// <summary>The policy: built-in values, then the root's file, then the user's. A checkout that nobody names is the one that the program stands in.</summary>
    /// <returns>The policy, or all problems of its files.</returns>
    public Parsed<RunPolicy> Policy()
    {
        var written = Written();
        return written is Parsed<RunPolicy>.Value { Result: var policy } && HarnessProgram.Checkout() is { } checkout
            && policy.ProtectedRoots.Any(root => root is { Role: RootList.Checkout, Paths.IsEmpty: true })
                ? new Parsed<RunPolicy>.Value(policy.With(new PolicySetting(PolicyKeys.CheckoutName, [checkout], "default: the checkout that the program stands in")))
                : written;
    }

    private Parsed<RunPolicy> Written()
    {
        var below = PolicyOf(Path.Combine(Folder, "policy.yaml"), RunPolicy.BuiltIn);
        var own = Path.Combine(_overlay, "policy.yaml");
        return below is Parsed<RunPolicy>.Value { Result: var policy } && File.Exists(own) ? PolicyOf(own, policy) : below;
    }

    /// <summary>The registry of models: the root's file, and the user's over it.</summary>
    /// <returns>The registry, or all problems of both files.</returns>
    public Parsed<ModelRegistry> Models()
    {
        var below = ModelsOf(Path.Combine(Folder, "models.yaml"), null);
        var own = Path.Combine(_overlay, "models.yaml");
        if (!Path.Exists(own))
        {
            return below;
        }

        var over = ModelsOf(own, (below as Parsed<ModelRegistry>.Value)?.Result);
        return (below, over) switch
        {
            (Parsed<ModelRegistry>.Value, _) => over,
            (Parsed<ModelRegistry>.Refused first, Parsed<ModelRegistry>.Refused second) => new Parsed<ModelRegistry>.Refused([.. first.Problems, .. second.Problems]),
            _ => below,
        };
    }

    /// <summary>The names of the engines that have a manifest.</summary>
    /// <returns>Names in order.</returns>
    public ImmutableArray<string> EngineNames() => Names(Directory.EnumerateFiles(EnginesFolder, "*.yaml").Select(Path.GetFileNameWithoutExtension));

    /// <summary>Reads an engine's manifest.</summary>
    /// <param name="name">One of <see cref="EngineNames"/>.</param>
    /// <returns>The manifest, or all its problems.</returns>
    public Parsed<EngineManifest> Engine(string name)
    {
        var path = Path.Combine(EnginesFolder, name + ".yaml");
        return Read(path, bytes => EngineDocument.Read(path, name, bytes));
    }

    /// <summary>The names of the fixtures' folders.</summary>
    /// <returns>Names in order.</returns>
    public ImmutableArray<string> FixtureNames() =>
        Names(Directory.EnumerateDirectories(FixturesFolder).Select(Path.GetFileName).Where(name => TaskId.TryParse(name!, out _)));

    /// <summary>Reads a language's driver.</summary>
    /// <param name="language">The language.</param>
    /// <returns>The driver, or what is wrong with its manifest.</returns>
    public Parsed<DriverManifest> Driver(string language)
    {
        var path = Path.Combine(DriversFolder, language, "driver.yaml");
        return Read(path, bytes => DriverDocument.Read(path, language, bytes));
    }

    internal string DriversFolder => Path.Combine(Folder, "drivers");

    internal string EnginesFolder => Path.Combine(Folder, "engines");

    internal string FixturesFolder => Path.Combine(Folder, "fixtures");

    /// <summary>Reads a small file that a person wrote.</summary>
    internal static Parsed<T> Read<T>(string path, Func<byte[], Parsed<T>> parse)
    {
        try
        {
            return parse(RegularFile.Read(path, YamlText.MaxBytes, followLink: true));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return Problem<T>(path, Path.Exists(path) ? $"it cannot be read: {closed.Message}" : "there is no such file", "put the file there and make it readable");
        }
    }

    private static Parsed<T> Problem<T>(string where, string message, string remedy) =>
        new Parsed<T>.Refused([new Problem(where, message, remedy)]);

    private static Parsed<HarnessRoot> Refused(string where, string message, string remedy) => Problem<HarnessRoot>(where, message, remedy);

    private static Parsed<ModelRegistry> ModelsOf(string path, ModelRegistry? below) => Read(path, bytes => ModelsDocument.Read(path, bytes, below));

    private static Parsed<RunPolicy> PolicyOf(string path, RunPolicy below) => Read(path, bytes => PolicyDocument.Read(path, bytes, below));

    private static ImmutableArray<string> Names(IEnumerable<string?> names) => [.. names.Select(name => name!).Order(StringComparer.Ordinal)];
}
