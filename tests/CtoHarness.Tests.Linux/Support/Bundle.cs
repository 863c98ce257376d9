using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>A bundle on disk, read without any code of the product.</summary>
internal sealed class Bundle(string folder)
{
    /// <summary>What a bundle holds whatever the outcome.</summary>
    public static readonly IReadOnlyList<string> ForEveryOutcome =
    [
        "report.json", "report.md", "events.normalized.jsonl", "trace.jsonl", "patch.diff", "test.log", "backend/stdout.log", "backend/stderr.log",
    ];

    private JsonNode? _report;

    public string Folder => folder;

    public JsonNode Report => _report ??= JsonNode.Parse(File.ReadAllBytes(At("report.json")))!;

    public string Status => Report["status"]!.GetValue<string>();

    public IReadOnlyList<string> Codes => [.. Report["blockers"]!.AsArray().Select(one => one!["code"]!.GetValue<string>())];

    public IReadOnlyList<string> Findings => [.. Report["findings"]!.AsArray().Select(one => one!["code"]!.GetValue<string>())];

    public IReadOnlyList<JsonNode> Events => [.. File.ReadLines(At("events.normalized.jsonl")).Select(line => JsonNode.Parse(line)!)];

    public IReadOnlyList<string> EventNames => [.. Events.Select(one => one["event"]!.GetValue<string>())];

    public string At(string name) => Path.Combine(folder, name);

    public string Text(string name) => Encoding.UTF8.GetString(File.ReadAllBytes(At(name)));

    public string Messages => string.Join('\n', Report["blockers"]!.AsArray().Select(one => one!["message"]!.GetValue<string>()));

    /// <summary>Fails unless status and blockers are exactly these.</summary>
    public Bundle Expect(string status, params string[] codes)
    {
        Assert.True(
            Status == status && Codes.SequenceEqual(codes),
            $"{Status} [{string.Join(", ", Codes)}], expected {status} [{string.Join(", ", codes)}]\n{Messages}\n{Text("backend/stderr.log")}\n{Text("test.log")}");
        return this;
    }

    /// <summary>Every file that each outcome has is there; the report names every other file, with its true digest and size; and whoever checks the bundle comes to the same verdict.</summary>
    public Bundle AssertWhole()
    {
        Assert.DoesNotContain(ForEveryOutcome, name => !File.Exists(At(name)));
        Assert.Equal(Path.GetFileName(folder), Report["run_id"]!.GetValue<string>());
        var listed = Report["artifacts"]!.AsArray().ToDictionary(one => one!["path"]!.GetValue<string>());
        var found = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).ToList();
        Assert.Equal(found.Except(["report.json", "report.md", "attestation.sigstore.json"]).Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, artifact) in listed)
        {
            var bytes = File.ReadAllBytes(At(name));
            Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)), artifact!["sha256"]!.GetValue<string>());
            Assert.Equal(bytes.Length, artifact["bytes"]!.GetValue<long>());
        }

        Assert.Equal("run.completed", EventNames[^1]);
        Assert.Equal(Status, Events[^1]["data"]!["status"]!.GetValue<string>());
        Reviewed.AssertAccepted(folder, Status);
        return this;
    }
}
