namespace CtoHarness.Runtime.Pipeline;

/// <summary>A bundle that is not accepted by the check of whoever made it; what was observed is kept under its unfinished name.</summary>
/// <param name="message">Which check, what it expected and what it found.</param>
public sealed class NotAcceptedException(string message) : IOException(message);
