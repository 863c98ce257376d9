namespace CtoHarness.Core.Engines;

/// <summary>An adapter to one kind of backend. It is pure: it says what to start and reads lines; it starts nothing.</summary>
public interface IEngine
{
    /// <summary>The kind in a manifest that this adapter serves.</summary>
    string Kind { get; }

    /// <summary>Whether its sandbox is given the fixture's solution, read-only. True for the fake engine alone.</summary>
    bool SeesSolution { get; }

    /// <summary>Says what to start.</summary>
    /// <param name="task">What it is about.</param>
    /// <returns>The command.</returns>
    EngineCommand CommandFor(EngineTask task);

    /// <summary>Reads one line of the backend's records.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>What the backend claims, or null where the line is not recognised.</returns>
    EngineEvent? Recognise(ReadOnlySpan<byte> line);
}
