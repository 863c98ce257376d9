using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>Reviews a bundle as its reader would, with the key of the test's home.</summary>
internal static class Reviewed
{
    /// <summary>Fails unless the bundle is accepted and the verdict is the one that the run came to.</summary>
    public static void AssertAccepted(string folder, string status)
    {
        var review = Of(folder);
        Assert.True(review.IsAccepted, $"{folder} is refused by {review.Refusal?.Check}: expected {review.Refusal?.Expected}; found {review.Refusal?.Found}");
        Assert.Equal(status, Words.Of(review.Verdict!.Status));
    }

    public static BundleReview Of(string path) =>
        BundleVerifier.Review(BundleReader.Read(path, CancellationToken.None), new ReviewRequest([KeyOf(path)], TimeProvider.System.GetUtcNow()));

    // The tests may run as another user than the one who made the run, and the store refuses others' keys: the file is read as it is.
    public static PublicKey KeyOf(string path)
    {
        var around = new DirectoryInfo(Path.GetFullPath(path));
        while (around is not null && !(Directory.Exists(Path.Combine(around.FullName, "home")) && Directory.Exists(Path.Combine(around.FullName, "tmp"))))
        {
            around = around.Parent;
        }

        Assert.True(around is not null, $"no folder around {path} is a test's own");
        var keys = Directory.EnumerateFiles(around!.FullName, "harness.key", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "own").Select(Read).ToList();
        var seal = File.ReadAllText(Path.Combine(path, "attestation.sigstore.json"));
        return keys.Find(key => seal.Contains(key.Id, StringComparison.Ordinal)) ?? throw new InvalidOperationException($"none of {keys.Count} keys below {around.FullName} sealed {path}");
    }

    private static PublicKey Read(string file)
    {
        using var pair = ECDsa.Create();
        pair.ImportFromPem(File.ReadAllText(file));
        return PublicKey.FromInfo(pair.ExportSubjectPublicKeyInfo())!;
    }
}
