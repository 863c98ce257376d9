namespace CtoHarness.Core.Attestation;

/// <summary>Why a bundle is refused.</summary>
/// <param name="Check">The name of the check that caught it.</param>
/// <param name="Expected">What it expected.</param>
/// <param name="Found">What it found; safe to show.</param>
public sealed record CheckRefusal(string Check, string Expected, string Found);
