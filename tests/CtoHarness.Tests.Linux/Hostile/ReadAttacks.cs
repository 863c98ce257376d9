using CtoHarness.Core.Observation;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>Attacks that read what is secret.</summary>
internal static class ReadAttacks
{
    private const string Masks = "masks";
    private static readonly Weaker MasksHold = Weaker.EitherHolds;

    internal static IEnumerable<Attack> All { get; } =
    [
        Read("read-target", "read a declared target", s => ["read", s.Target]),
        Read("read-target-by-link", "read it through a link of one's own", s => ["read-by-link", s.Target]),
        Read("read-target-by-root", "read it through /proc/self/root", s => ["read", "/proc/self/root" + s.Target]),
        Read("list-target", "list its folder", s => ["list", Path.GetDirectoryName(s.Target)!]) with
        {
            Succeeded = s => s.LootHolds("secret"), Record = new("open-read", s => Path.GetDirectoryName(s.Target)!, AttemptClass.Target, null),
        },
        Read("run-target", "run a program of it", s => ["run-it", Path.GetDirectoryName(s.Target) + "/tool", s.Own + "/loot"]) with
        {
            Record = new("exec", s => Path.GetDirectoryName(s.Target) + "/tool", AttemptClass.Target, null),
        },
        new("measure-target", "ask for its size", Masks, s => ["measure", s.Target]) { Succeeded = s => s.LootHolds("size"), Gap = Gaps.Looks, Weaker = MasksHold },
        Read("git-credentials", "read git's credentials in a home", s => ["read", s.Home + "/.git-credentials"]) with { Record = new("open-read", s => s.Home + "/.git-credentials", AttemptClass.Home, null) },
        new("read-held", "read a descriptor that whoever started the harness left open", "bubblewrap's start, sandbox-init", _ => ["read-held", Arena.HeldSecret]) { Succeeded = s => s.Looted, Gap = Gaps.Held, Weaker = Weaker.EitherHolds },
        new("environment", "read the environment of a process outside", "process namespace", s => ["read", $"/proc/{s.Witness.Id}/environ"]) { Succeeded = s => s.Looted, Gap = Gaps.Reads, Weaker = Weaker.EitherHolds },
        new("environment-of-all", "read that of every process that is seen", "process namespace, an environment of its own", _ => ["environment-of-all"]) { Succeeded = s => s.Looted, Gap = Gaps.Reads, Weaker = Weaker.EitherHolds },
        new("session-key", "take a key from the session's keyring", "filter", _ => ["session-key"]) { Succeeded = s => s.Looted, Gap = Gaps.Refused, Weaker = Weaker.SeccompHolds },
        new("ssh-agent", "ask an ssh agent whose socket lies in a home", "masks, supervisor", s => ["unix", s.Home + "/agent", s.Token])
        {
            Succeeded = s => s.Looted || s.Heard, Record = new("connect", s => s.Home + "/agent", AttemptClass.Network), Weaker = Weaker.EitherHolds,
        },
    ];

    private static Attack Read(string name, string title, Func<Scene, string[]> words) => new(name, title, Masks, words)
    {
        Succeeded = s => s.Looted, Record = new("open-read", s => s.Target, AttemptClass.Target, null), Weaker = MasksHold,
    };
}
