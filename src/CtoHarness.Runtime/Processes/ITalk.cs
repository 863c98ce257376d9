namespace CtoHarness.Runtime.Processes;

/// <summary>Speaks with a running program over its standard streams.</summary>
internal interface ITalk
{
    /// <summary>Set once enough was said: the program is then ended.</summary>
    WaitHandle Over { get; }

    /// <summary>Writes to the program's standard input, on a thread of its own; the stream is closed afterwards.</summary>
    void Speak(Stream input);

    /// <summary>Reads the program's standard output to its end, on a thread of its own.</summary>
    void Listen(Stream output);
}
