namespace CtoHarness.Runtime.Bundles;

/// <summary>A file is not what the packer writes; the message, safe to show, says in what.</summary>
#pragma warning disable CA1064 // it never leaves this folder
internal sealed class NotAPackException(string message) : Exception(message);
#pragma warning restore CA1064
