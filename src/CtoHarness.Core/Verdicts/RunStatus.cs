namespace CtoHarness.Core.Verdicts;

/// <summary>What a run came to.</summary>
public enum RunStatus
{
    /// <summary>Every obligation was observed to hold.</summary>
    Pass,

    /// <summary>The backend ran and broke an obligation.</summary>
    Fail,

    /// <summary>Something refused the run before the backend started.</summary>
    Blocked,

    /// <summary>The machine, the provider or the verifier let us down; nothing is said about the backend.</summary>
    Inconclusive,
}

/// <summary>Which side a status is owed to.</summary>
public enum Fault
{
    /// <summary>Nobody: the run passed.</summary>
    None,

    /// <summary>The backend.</summary>
    Backend,

    /// <summary>A gate, a fixture, or the words of the contract.</summary>
    Policy,

    /// <summary>The provider of the model.</summary>
    Provider,

    /// <summary>The verifier.</summary>
    Verifier,

    /// <summary>The machine, or the person who interrupted.</summary>
    Infrastructure,
}
