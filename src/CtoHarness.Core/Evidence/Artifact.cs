using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;

namespace CtoHarness.Core.Evidence;

/// <summary>One file of a bundle.</summary>
/// <param name="Path">Path within the bundle.</param>
/// <param name="Sha256">Digest of its bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Observer">Who wrote its bytes: the harness, or the backend where they were copied from its output.</param>
public sealed record Artifact(string Path, Digest Sha256, long Bytes, Observer Observer)
{
    /// <summary>The bodies of the model's calls.</summary>
    public const string Traffic = "backend/model-traffic.jsonl";

    /// <summary>The backend's own records, where it writes them into a file, as they were followed.</summary>
    public const string Records = "backend/records.jsonl";

    /// <summary>What was read of the backend's records.</summary>
    public const string Claims = "backend/claims.jsonl";

    private const string Raw = "backend/raw/";

    /// <summary>Says who wrote a file's bytes, which follows from where it lies.</summary>
    /// <param name="path">Path within the bundle.</param>
    /// <param name="sha256">Digest of its bytes.</param>
    /// <param name="bytes">Its size.</param>
    /// <returns>The artifact.</returns>
    public static Artifact Of(string path, Digest sha256, long bytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path == Traffic)
        {
            return new Artifact(path, sha256, bytes, Observer.Gateway);
        }

        var isRaw = path is Records or Claims || path.StartsWith(Raw, StringComparison.Ordinal)
            || ((path.StartsWith("baseline/", StringComparison.Ordinal) || path.StartsWith("controls/", StringComparison.Ordinal)) && path.Contains("/" + Raw, StringComparison.Ordinal));
        return new Artifact(path, sha256, bytes, isRaw ? Observer.Backend : Observer.Harness);
    }
}
