namespace CtoHarness.Runtime.Processes;

/// <summary>git did not do what it was asked to.</summary>
public sealed class GitException : Exception
{
    internal GitException(string message)
        : base(message)
    {
    }
}
