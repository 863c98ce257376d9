using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Bundles;

/// <summary>A pack that was written.</summary>
/// <param name="Run">The run whose bundle is in it.</param>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The digest of the pack.</param>
/// <param name="Content">What is in it.</param>
public sealed record PackedBundle(RunId Run, string Path, long Bytes, Digest Sha256, BundleContent Content)
{
    /// <summary>Whether a seal is among the files; nothing here verifies it.</summary>
    public bool HasSeal => Content.Find(BundleFiles.Seal) is not null;
}
