using System.Collections.Immutable;

namespace CtoHarness.Core.Verification;

/// <summary>A language's driver, as <c>drivers/LANGUAGE/driver.yaml</c> describes it: a small program that calls functions for the harness.</summary>
/// <param name="Language">The language that fixtures name.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Command">Program and first arguments; the driver's file, the file and the name of the function follow.</param>
/// <param name="File">The driver's file beside its manifest.</param>
public sealed record DriverManifest(string Language, string Title, ImmutableArray<string> Command, string File);
