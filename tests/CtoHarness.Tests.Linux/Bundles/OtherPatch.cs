using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Signing;
using Chain = CtoHarness.Core.Events.EventChain;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Puts another patch into a bundle, as the holder of its key could: with all digests computed again, and sealed again.</summary>
internal static class OtherPatch
{
    /// <summary>Replaces the patch by one of the same size; what is missing becomes words before it, which git passes over.</summary>
    public static void Put(string bundle, string patch, string keys)
    {
        var words = Encoding.UTF8.GetBytes(patch);
        var size = (int)new FileInfo(Path.Combine(bundle, "patch.diff")).Length;
        Assert.True(words.Length < size, "the patch is too large to be replaced in its place");
        var replaced = new Dictionary<string, string>();
        Write("patch.diff", [.. Encoding.ASCII.GetBytes(new string('#', size - words.Length - 1) + "\n"), .. words]);
        Write("events.normalized.jsonl", Events(bundle, replaced));
        foreach (var name in new[] { "report.json", "report.md" })
        {
            Write(name, Encoding.UTF8.GetBytes(With(File.ReadAllText(Path.Combine(bundle, name)), replaced)));
        }

        var key = ((Parsed<SigningKey>.Value)new KeyStore(keys).OpenOrCreate(KeyStore.Harness)).Result;
        var seal = Path.Combine(bundle, BundleFiles.Seal);
        var opened = Assert.IsType<OpenedSeal.Opened>(Seal.Open(File.ReadAllBytes(seal), [key.Public]));
        File.WriteAllBytes(seal, key.Seal(Encoding.UTF8.GetBytes(With(Encoding.UTF8.GetString(opened.Statement.Write()), replaced))));

        void Write(string name, byte[] bytes)
        {
            var path = Path.Combine(bundle, name);
            replaced[Hex(File.ReadAllBytes(path))] = Hex(bytes);
            File.WriteAllBytes(path, bytes);
        }
    }

    private static byte[] Events(string bundle, Dictionary<string, string> replaced)
    {
        Assert.True(RunId.TryParse(JsonNode.Parse(File.ReadAllBytes(Path.Combine(bundle, "report.json")))!["run_id"]!.GetValue<string>(), out var run));
        var head = Core.Contracts.Digest.Zero;
        using var lines = new MemoryStream();
        var number = 0;
        foreach (var one in Chain.Read(File.ReadAllBytes(Path.Combine(bundle, "events.normalized.jsonl")), run))
        {
            var data = CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(With(one.Data.GetRawText(), replaced)))!;
            var made = new RunEvent(++number, one.Time, one.Name, run, one.Observer, data, head);
            lines.Write(made.ToLine());
            replaced[one.Digest.Hex] = made.Digest.Hex;
            head = made.Digest;
        }

        return lines.ToArray();
    }

    private static string With(string text, Dictionary<string, string> replaced) => replaced.Aggregate(text, (now, one) => now.Replace(one.Key, one.Value, StringComparison.Ordinal));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
