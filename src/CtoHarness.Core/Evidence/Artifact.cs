using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;

namespace CtoHarness.Core.Evidence;

/// <summary>One file of a bundle.</summary>
/// <param name="Path">Path within the bundle.</param>
/// <param name="Sha256">Digest of its bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Observer">Who wrote its bytes: the harness, or the backend where they were copied from its output.</param>
public sealed record Artifact(string Path, Digest Sha256, long Bytes, Observer Observer);
