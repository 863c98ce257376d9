using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Problems;

namespace CtoHarness.Runtime.Processes;

/// <summary>git, without the configuration of the machine, the user, or a workspace.</summary>
internal static class Git
{
    private const int KeptErrors = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs git and gives back what it wrote.</summary>
    /// <param name="folder">Where it starts.</param>
    /// <param name="gitFolder">The repository; empty to let git find it from the folder.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">The most output that is taken, in bytes.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <param name="input">Writes its input.</param>
    /// <exception cref="GitException">It could not be started, failed, wrote too much or took too long.</exception>
    internal static byte[] Run(
        string folder, string gitFolder, ImmutableArray<string> arguments, long limit, CancellationToken interrupt, Action<Stream>? input = null)
    {
        using var kept = new MemoryStream();
        Run(folder, gitFolder, arguments, kept, limit, interrupt, input);
        return kept.ToArray();
    }

    /// <summary>The same, with the output going to a stream.</summary>
    internal static void Run(
        string folder, string gitFolder, ImmutableArray<string> arguments, Stream output, long limit, CancellationToken interrupt, Action<Stream>? input = null)
    {
        var program = Programs.Find("git") ?? throw new GitException("git is not installed; install it with: apt-get install git");
        using var errors = new MemoryStream();
        var sink = new ByteSink(output, limit);
        var environment = ImmutableSortedDictionary.CreateRange(
        [
            Pair("PATH", Programs.PlainPath), Pair("LC_ALL", "C"), Pair("HOME", "/nonexistent"), Pair("GIT_CONFIG_GLOBAL", "/dev/null"),
            Pair("GIT_CONFIG_SYSTEM", "/dev/null"), Pair("GIT_CONFIG_NOSYSTEM", "1"), Pair("GIT_ATTR_NOSYSTEM", "1"),
            Pair("GIT_OPTIONAL_LOCKS", "0"), Pair("GIT_TERMINAL_PROMPT", "0"), Pair("GIT_NO_REPLACE_OBJECTS", "1"),
        ]);
        if (gitFolder.Length > 0)
        {
            environment = environment.Add("GIT_DIR", gitFolder);
        }

        var plan = new ProgramPlan(
            (_, _) => [program, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*", .. arguments],
            folder, environment, sink.Drain, new ByteSink(errors, KeptErrors).Drain, input);
        Await(plan, arguments[0], errors, sink, interrupt);
    }

    private static void Await(ProgramPlan plan, string verb, MemoryStream errors, ByteSink sink, CancellationToken interrupt)
    {
        using var program = RunningProgram.TryStart(plan, out var refusal)
            ?? throw new GitException($"git could not be started: {refusal}");
        var ended = WaitHandle.WaitAny([program.Ended, interrupt.WaitHandle], Patience);
        interrupt.ThrowIfCancellationRequested();
        if (ended != 0 || !program.JoinStreams(Patience))
        {
            throw new GitException($"git {verb} did not end within {Patience.TotalMinutes.ToString(CultureInfo.InvariantCulture)} minutes");
        }

        if (program.StreamFault is { } lost)
        {
            throw new GitException($"what git {verb} was to be told could not be read: {lost.Message}");
        }

        if (program.ExitCode != 0)
        {
            var words = System.Text.Encoding.UTF8.GetString(errors.ToArray()).Trim();
            throw new GitException($"git {verb} ended with exit code {program.ExitCode.ToString(CultureInfo.InvariantCulture)}: {PlainText.Visible(words, 500)}");
        }

        if (sink.Fault is { } fault)
        {
            throw fault;
        }

        if (sink.Cut > 0)
        {
            throw new GitException($"git {verb} wrote {sink.Total.ToString(CultureInfo.InvariantCulture)} bytes, more than are kept");
        }
    }

    private static KeyValuePair<string, string> Pair(string name, string value) => new(name, value);
}
