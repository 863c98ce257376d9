using System.Security.Cryptography;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>Reviews a bundle as its reader would, with the key of the test's home.</summary>
internal static class Reviewed
{
    private const string Keys = "home/.config/cto-harness/keys";

    /// <summary>Fails unless the bundle is accepted and the verdict is the one that the run came to.</summary>
    public static void AssertAccepted(string folder, string status)
    {
        var review = Of(folder);
        Assert.True(review.IsAccepted, $"{folder} is refused by {review.Refusal?.Check}: expected {review.Refusal?.Expected}; found {review.Refusal?.Found}");
        Assert.Equal(status, Words.Of(review.Verdict!.Status));
    }

    public static BundleReview Of(string path) =>
        BundleVerifier.Review(BundleReader.Read(path, CancellationToken.None), new ReviewRequest([KeyOf(path)], TimeProvider.System.GetUtcNow()));

    public static PublicKey KeyOf(string path)
    {
        var around = new DirectoryInfo(Path.GetFullPath(path));
        while (around is not null && !Directory.Exists(Path.Combine(around.FullName, Keys)))
        {
            around = around.Parent;
        }

        Assert.True(around is not null, $"no folder around {path} has a home with keys");
        // The tests may run as another user than the one who made the run, and the store refuses others' keys.
        using var pair = ECDsa.Create();
        pair.ImportFromPem(File.ReadAllText(Path.Combine(around!.FullName, Keys, "own/harness.key")));
        return PublicKey.FromInfo(pair.ExportSubjectPublicKeyInfo())!;
    }
}
