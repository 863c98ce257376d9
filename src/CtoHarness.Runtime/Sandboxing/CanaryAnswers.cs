using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What a canary said, read strictly: what it was not asked, did not answer or answered twice is a failure.</summary>
/// <param name="Checks">One for each kind of try, in a fixed order.</param>
/// <param name="Namespaces">The kinds of namespace that the sandbox has of its own.</param>
internal sealed record CanaryAnswers(ImmutableArray<PreflightCheck> Checks, ImmutableArray<string> Namespaces)
{
    private const int Done = 0;
    private const int Empty = -1; // opened, but what is in it did not come through
    private const int NotPermitted = 1;
    private const int NoSuchFile = 2;
    private const int NoSuchProcess = 3;
    private const int NotAllowed = 13;
    private const int ReadOnlySystem = 30;
    private const int NoSuchCall = 38;
    private const int NoWayThere = 101;
    private const int NobodyListens = 111;

    /// <summary>The namespaces that a sandbox must have of its own.</summary>
    internal static readonly ImmutableArray<string> NeededNamespaces = ["ipc", "mnt", "net", "pid", "user", "uts"];

    private static readonly ImmutableArray<string> AllNamespaces = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];

    // Calls that only the filter refuses in this way: without it, the kernel looks at their arguments.
    private static readonly ImmutableArray<string> Refused = ["mount", "set-namespace", "change-root", "process-memory", "keys"];

    /// <summary>Reads the lines.</summary>
    /// <param name="lines">What the canary said.</param>
    /// <param name="tries">What it was asked.</param>
    /// <param name="namespaceOf">The harness's own namespace of a kind, as /proc names it; null where the machine does not say.</param>
    internal static CanaryAnswers Read(IReadOnlyList<string> lines, CanaryTries tries, Func<string, string?> namespaceOf)
    {
        var answers = new Lines(lines);
        var own = AllNamespaces.Where(kind => answers.Text("namespace-" + kind) is { } theirs && theirs.StartsWith(kind + ":[", StringComparison.Ordinal)
            && namespaceOf(kind) is { } ours && theirs != ours).ToImmutableArray();
        var signal = own.Contains("pid") ? new[] { NotPermitted, NoSuchProcess, Done } : [NotPermitted, NoSuchProcess]; // a process of its own may have that number
        PreflightCheck[] checks =
        [
            All("write-outside", "make", tries.Outside.Select((one, index) => answers.Outcome(
                $"write-outside/{index}", one.Path, one.IsShown ? [NotPermitted, NotAllowed, ReadOnlySystem] : [NotPermitted, NoSuchFile, NotAllowed, ReadOnlySystem]))),
            All("read-masked", "read", tries.Masked.Select((path, index) => answers.Outcome($"read-masked/{index}", path, [NotPermitted, NoSuchFile, NotAllowed, Empty]))),
            All("connect-out", "connect to", [answers.Outcome("connect-out", $"127.0.0.1:{tries.TcpPort} of the machine", [NotPermitted, NotAllowed, NoWayThere, NobodyListens])]),
            All("dns-out", "find a way to", [answers.Outcome("dns-out", "192.0.2.1:53 (UDP)", [NotPermitted, NotAllowed, NoWayThere])]),
            All("unix-socket", "connect to", [answers.Outcome("unix-socket", tries.UnixSocket, [NotPermitted, NoSuchFile, NotAllowed, NobodyListens])]),
            All("abstract-socket", "connect to", [answers.Outcome("abstract-socket", "@" + tries.AbstractSocket, [NotPermitted, NobodyListens])]),
            All("signal", "signal", [answers.Outcome("signal", $"process {tries.Process} of the machine", signal)]),
            All("ptrace", "call", [answers.Outcome("ptrace", "ptrace", [NotPermitted, NoSuchCall])]),
            All("user-namespace", "make", [answers.Outcome("user-namespace", "another user namespace", [NotPermitted, NoSuchCall])]),
            All("io-uring", "call", [answers.Outcome("io-uring", "io_uring_setup", [NotPermitted, NoSuchCall])]),
            .. Refused.Select(call => All(call, "call", [answers.Outcome(call, call, [NotPermitted, NoSuchCall])])),
            All("privileges", "be without", [answers.Outcome("privileges", "capabilities, old and new", [Done])]),
            All("write-inside", "make and remove a file in", tries.Inside.Select((folder, index) => answers.Outcome($"write-inside/{index}", folder, [Done]))),
            All("reach-gateway", "reach", [answers.Outcome("reach-gateway", $"an echo behind 127.0.0.1:{tries.GatewayPort} of its own", [Done])]),
            Namespaced(own),
            Owned(answers.Text("user"), tries.User),
        ];
        return new CanaryAnswers([.. checks, answers.Strays()], own);
    }

    private static PreflightCheck All(string name, string verb, IEnumerable<(bool Passed, string Words)> outcomes)
    {
        var list = outcomes.ToList();
        return new PreflightCheck(
            name, list.Count > 0 && list.TrueForAll(one => one.Passed), list.Count == 0 ? "nothing was tried" : $"tried to {verb} {string.Join("; ", list.Select(one => one.Words))}");
    }

    private static PreflightCheck Namespaced(ImmutableArray<string> own) => NeededNamespaces.Except(own).ToList() is { Count: > 0 } shared
        ? new PreflightCheck("namespaces", false, $"shared with the machine, or not told: {string.Join(' ', shared)}")
        : new PreflightCheck("namespaces", true, $"of its own: {string.Join(' ', own)}");

    private static PreflightCheck Owned(string? told, long user) => told == user.ToString(CultureInfo.InvariantCulture)
        ? new PreflightCheck("user", true, $"it runs as the user {told}")
        : new PreflightCheck("user", false, $"it must run as the user {user}, and {(told is null ? "does not tell which it is" : $"is {PlainText.Quote(told)}")}");

    private static string Name(int error) => error switch
    {
        Done => "done",
        Empty => "nothing came through",
        > 0 and < 4096 => Marshal.GetPInvokeErrorMessage(error),
        _ => string.Create(CultureInfo.InvariantCulture, $"error {error}"),
    };

    // Each line: a name, a blank, and what came of it.
    private sealed class Lines
    {
        private readonly Dictionary<string, List<string>> _byName = [];
        private readonly HashSet<string> _asked = [];

        internal Lines(IReadOnlyList<string> lines)
        {
            foreach (var line in lines)
            {
                var at = line.IndexOf(' ', StringComparison.Ordinal);
                var name = at < 0 ? line : line[..at];
                if (!_byName.TryGetValue(name, out var answers))
                {
                    _byName[name] = answers = [];
                }

                answers.Add(at < 0 ? "" : line[(at + 1)..]);
            }
        }

        internal string? Text(string name)
        {
            _asked.Add(name);
            return _byName.TryGetValue(name, out var answers) && answers is [var only] ? only : null;
        }

        internal (bool Passed, string Words) Outcome(string name, string subject, int[] wanted)
        {
            var shown = PlainText.Visible(subject, 300);
            if (Text(name) is not { } text)
            {
                return (false, $"{shown}: {(_byName.ContainsKey(name) ? "answered more than once" : "no answer")}");
            }

            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var error) && text == error.ToString(CultureInfo.InvariantCulture)
                ? (wanted.Contains(error), $"{shown}: {Name(error)}")
                : (false, $"{shown}: the answer {PlainText.Quote(text)} is no number");
        }

        internal PreflightCheck Strays()
        {
            var strays = _byName.Where(one => !_asked.Contains(one.Key) || one.Value.Count > 1).Select(one => PlainText.Quote(one.Key)).ToList();
            return new PreflightCheck(
                "answers", strays.Count == 0, strays.Count == 0 ? "each question was answered once, and nothing else" : $"not asked, or answered more than once: {string.Join(", ", strays.Take(5))}");
        }
    }
}
