namespace CtoHarness.SandboxInit;

/// <summary>The kernel refused a step of the confinement.</summary>
internal sealed class RefusedException : Exception
{
    /// <summary>Names the step.</summary>
    /// <param name="step">What was refused.</param>
    /// <param name="error">The kernel's number of the error.</param>
    internal RefusedException(string step, int error)
        : base($"{step}: error {error}")
    {
    }
}
