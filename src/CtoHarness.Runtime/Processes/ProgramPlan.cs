using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Processes;

/// <summary>A program to start: nothing of the harness's own environment or descriptors reaches it but what is named here.</summary>
/// <param name="Command">Given the numbers of the status descriptor and of the channel (-1 without one): program and arguments.</param>
/// <param name="WorkingFolder">Where it starts.</param>
/// <param name="Environment">Its whole environment.</param>
/// <param name="Output">Reads its standard output to the end, on a thread of its own.</param>
/// <param name="Error">Reads its standard error to the end, on a thread of its own.</param>
/// <param name="Input">Writes its standard input, on a thread of its own; null for none.</param>
/// <param name="Status">Reads the status descriptor, on a thread of its own; null for none.</param>
/// <param name="Channel">Takes messages from inside a sandbox, on a thread of its own; null for none.</param>
/// <param name="IsAttached">Whether it has the harness's own standard streams, as a person's shell must; nobody reads or writes them then.</param>
internal sealed record ProgramPlan(
    Func<int, int, ImmutableArray<string>> Command,
    string WorkingFolder,
    ImmutableSortedDictionary<string, string> Environment,
    Action<Stream> Output,
    Action<Stream> Error,
    Action<Stream>? Input = null,
    Action<Stream>? Status = null,
    Action<SafeFileHandle>? Channel = null,
    bool IsAttached = false);
