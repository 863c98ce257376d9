using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>One byte of a real bundle is another, anywhere.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class ChangedByteTests(Made made)
{
    [Fact]
    public void Any_one_changed_byte_of_any_file_is_refused() => Files(2000);

    [Fact]
    [Trait("Tier", "Long")]
    public void Any_one_changed_byte_of_any_file_is_refused_in_many_more_tries() => Files(50_000);

    [Fact]
    public void Any_one_changed_byte_of_a_pack_is_refused() => Pack(400);

    [Fact]
    [Trait("Tier", "Long")]
    public void Any_one_changed_byte_of_a_pack_is_refused_in_many_more_tries() => Pack(20_000);

    private static Gen<(int Where, int At, int Other)> Changes =>
        Gen.Choose(0, int.MaxValue).Three().Select(three => (three.Item1, three.Item2, 1 + (three.Item3 % 255)));

    private void Files(int tries)
    {
        var whole = made.Tried.Content;
        Assert.True(Review(whole, made.Tried).IsAccepted);
        var names = made.Tried.Files.Where(file => file.Value.Length > 0).Select(file => file.Key).Order(StringComparer.Ordinal).ToList();
        var touched = new HashSet<string>();
        Law.Holds(
            Changes,
            change =>
            {
                var name = names[change.Where % names.Count];
                var bytes = made.Tried.Files[name].ToArray();
                bytes[change.At % bytes.Length] ^= (byte)change.Other;
                touched.Add(name);
                var refusal = Review(With(whole, name, bytes), made.Tried).Refusal;
                return name == BundleFiles.Seal ? refusal?.Check.StartsWith("seal-", StringComparison.Ordinal) == true : refusal?.Check == "subjects";
            },
            tries);
        Assert.Equal(names.Count, touched.Count);
    }

    private void Pack(int tries)
    {
        var pack = made.Tried.Root.At($"one-byte-{tries}.tar.gz");
        Assert.IsType<Parsed<PackedBundle>.Value>(BundlePacker.Pack(made.Tried.Folder, pack, replace: true, CancellationToken.None));
        var packed = File.ReadAllBytes(pack);
        Assert.True(Review(BundleReader.Read(pack, CancellationToken.None), made.Tried).IsAccepted);
        Law.Holds(
            Changes,
            change =>
            {
                var bytes = packed.ToArray();
                bytes[change.At % bytes.Length] ^= (byte)change.Other;
                File.WriteAllBytes(pack, bytes);
                return Review(BundleReader.Read(pack, CancellationToken.None), made.Tried).Refusal?.Check == "files";
            },
            tries);
    }

    /// <summary>The same content with one file changed.</summary>
    internal static BundleContent With(BundleContent content, string name, byte[] bytes)
    {
        var at = content.Files.IndexOf(content.Find(name)!);
        var kept = content.Files[at].Content is null ? (ReadOnlyMemory<byte>?)null : bytes;
        return content with { Files = content.Files.SetItem(at, new BundleFile(name, bytes.Length, Digest.Of(bytes), kept)) };
    }

    private static BundleReview Review(BundleContent content, MadeBundle of) => BundleVerifier.Review(content, new ReviewRequest([of.Key.Public], TimeProvider.System.GetUtcNow()));
}
