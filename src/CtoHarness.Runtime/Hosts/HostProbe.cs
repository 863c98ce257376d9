using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Hosts;

/// <summary>A small program in a sandbox, which tells what it sees of itself.</summary>
/// <param name="CameUp">Whether it ran to its end.</param>
/// <param name="Lines">What it wrote.</param>
/// <param name="Words">What was said where it did not run; safe to show.</param>
/// <param name="Landlock">The Landlock version that sandbox-init laid, 0 for none; null where it did not come so far.</param>
internal sealed record HostProbe(bool CameUp, ImmutableArray<string> Lines, string Words, int? Landlock)
{
    private const int MostBytes = 64 << 10;
    private static readonly TimeSpan Wall = TimeSpan.FromMinutes(1);

    /// <summary>Runs one.</summary>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    internal static HostProbe Run(SandboxTools tools, SandboxPolicy policy, CancellationToken interrupt, params string[] words)
    {
        using var kept = new MemoryStream();
        using var error = new MemoryStream();
        var init = policy.Confinement is null ? null : new InitChannel(null, null);
        try
        {
            var outcome = new Bubblewrap(tools).Run(
                policy, new EngineCommand(words[0], [.. words.Skip(1)], ImmutableSortedDictionary<string, string>.Empty), Wall,
                new ByteSink(kept, MostBytes), new ByteSink(error, 2000), interrupt, init: init);
            interrupt.ThrowIfCancellationRequested();
            var said = $"{init?.Failure} {Encoding.UTF8.GetString(error.ToArray())}".Trim();
            return new HostProbe(
                outcome is { End: EndKind.Exited, ExitCode: 0 }, [.. Encoding.UTF8.GetString(kept.ToArray()).Split('\n')],
                said.Length > 0 ? PlainText.Visible(said, 600) : $"it ended as {Core.Evidence.Words.Of(outcome.End)}", init?.Landlock);
        }
        catch (IOException refused)
        {
            return new HostProbe(false, [], PlainText.Visible(refused.Message, 600), null);
        }
    }

    /// <summary>What stands behind a name at the beginning of a line; empty where there is none.</summary>
    internal string After(string name) => Lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[name.Length..].Trim() : "";
}
