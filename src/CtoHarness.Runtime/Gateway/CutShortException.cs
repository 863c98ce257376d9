namespace CtoHarness.Runtime.Gateway;

/// <summary>Tells the server to send what it has of an answer, and then to end the connection without an end of the answer.</summary>
internal sealed class CutShortException() : IOException("the answer was cut short");
