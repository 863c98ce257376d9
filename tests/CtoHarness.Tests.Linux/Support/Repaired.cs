using System.Text.Json.Nodes;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>What <c>runs repair</c> did, and that nothing is left afterwards.</summary>
internal static class Repaired
{
    /// <summary>Repairs, which must come out clean.</summary>
    public static IReadOnlyList<JsonNode> Run(TempRoot root)
    {
        var finished = root.Command("runs", "repair", "--json").Run().Expect(0);
        Assert.True(finished.Json["clean"]!.GetValue<bool>());
        return [.. finished.Json["items"]!.AsArray().Select(item => item!)];
    }

    /// <summary>Repairs, and fails where anything of a dead run is left: a folder without its final name or not whole, scratch, a process.</summary>
    public static IReadOnlyList<JsonNode> AssertAll(TempRoot root, HashSet<string>? known = null)
    {
        var items = Run(root);
        AssertNothingLeft(root, known);
        return items;
    }

    /// <summary>Fails where anything of a dead run is left.</summary>
    /// <param name="root">The test's folders.</param>
    /// <param name="known">Bundles that were looked at before; those that are looked at now join them.</param>
    public static void AssertNothingLeft(TempRoot root, HashSet<string>? known = null)
    {
        var runs = Directory.Exists(root.Runs) ? Directory.GetFileSystemEntries(root.Runs) : [];
        Assert.DoesNotContain(runs, path => Path.GetFileName(path)[0] == '.');
        foreach (var path in runs.Where(path => known?.Add(path) ?? true))
        {
            new Bundle(path).AssertWhole();
            EventChain.Assert(Path.Combine(path, "events.normalized.jsonl"));
        }

        root.AssertNoScratch();
        foreach (var folder in new[] { root.At("state/cache/repositories"), root.At("state/sandbox-init") })
        {
            Assert.DoesNotContain(Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [], path => Path.GetFileName(path).Contains('.', StringComparison.Ordinal));
        }

        Survivors.AssertNone(root.Marker);
    }

    /// <summary>The actions that were taken, each with the kind of thing.</summary>
    public static IEnumerable<string> Actions(this IEnumerable<JsonNode> items) =>
        items.Select(item => $"{item["action"]!.GetValue<string>()} {item["kind"]!.GetValue<string>()}").Order(StringComparer.Ordinal);
}
