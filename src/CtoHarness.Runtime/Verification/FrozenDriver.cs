using CtoHarness.Core.Contracts;
using CtoHarness.Core.Verification;

namespace CtoHarness.Runtime.Verification;

/// <summary>The driver of one run, frozen in the bundle.</summary>
/// <param name="Manifest">What its manifest says.</param>
/// <param name="Program">The program that runs it, absolute.</param>
/// <param name="Path">The frozen copy of its file.</param>
/// <param name="Digest">Digest of that file.</param>
internal sealed record FrozenDriver(DriverManifest Manifest, string Program, string Path, Digest Digest);
