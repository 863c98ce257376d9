using System.Text;
using System.Text.Json.Nodes;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>What a call of the command came to.</summary>
internal sealed record Finished(TempRoot Root, int Exit, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Standard output as exactly one JSON document.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidOperationException("standard output is the word null");

    /// <summary>Fails, with what was said, unless the exit code is this.</summary>
    public Finished Expect(int exit)
    {
        Assert.True(Exit == exit, $"exit code {Exit}, expected {exit}\n{Text}\n{Error}");
        return this;
    }

    /// <summary>The one bundle in the test's runs folder, which must be whole.</summary>
    public Bundle Bundle()
    {
        var entries = Directory.Exists(Root.Runs) ? Directory.GetFileSystemEntries(Root.Runs) : [];
        Assert.True(entries.Length == 1, $"one bundle was expected in {Root.Runs}, found are: {string.Join(", ", entries)}\n{Text}\n{Error}");
        return new Bundle(entries[0]).AssertWhole();
    }

    /// <summary>The bundle that this call wrote, among whatever else is in the runs folder.</summary>
    public Bundle Newest() => new Bundle(
        Directory.GetDirectories(Root.Runs).Where(path => Path.GetFileName(path).StartsWith("20", StringComparison.Ordinal)).MaxBy(Directory.GetLastWriteTimeUtc)
        ?? throw new InvalidOperationException($"no bundle in {Root.Runs}: {Error}")).AssertWhole();

    /// <summary>Fails unless there is nothing at all in the runs folder.</summary>
    public Finished ExpectNoBundle()
    {
        Assert.Empty(Directory.Exists(Root.Runs) ? Directory.GetFileSystemEntries(Root.Runs) : []);
        return this;
    }
}
