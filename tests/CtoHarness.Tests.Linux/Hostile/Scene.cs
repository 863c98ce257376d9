using System.Text;
using CtoHarness.Confine;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>The places of one attack, and what is seen of them from outside.</summary>
internal sealed class Scene(Arena arena, Attack attack)
{
    internal Attack Attack => attack;

    /// <summary>What it must not change.</summary>
    internal string Outside => arena.At("outside/" + attack.Name);

    internal string File => Outside + "/file";

    internal string Folder => Outside + "/folder";

    internal string New => Folder + "/new";

    /// <summary>Where it may write, and where it starts.</summary>
    internal string Own => arena.At("roots/work/" + attack.Name);

    internal string Target => arena.At("target/secret");

    internal string Home => arena.At("people/home");

    internal string RollCall => Own + "/roll";

    internal Victim Witness => arena.Witness;

    /// <summary>A victim of its own.</summary>
    internal Victim Victim => arena.VictimOf(attack.Name);

    internal string Secret => arena.Secret;

    internal Ear Ear => arena.Ear;

    internal long User => arena.User;

    /// <summary>A text that nobody else says, and that is no part of what anybody else says.</summary>
    internal string Token => $"by-{attack.Name}-{arena.Secret}";

    /// <summary>What came of its sandbox; null where it was made outside.</summary>
    internal Ended? Ended { get; set; }

    /// <summary>Whether the look at its roll call found what it was looked for.</summary>
    internal bool Seen { get; set; }

    internal bool Changed => arena.Changed(attack.Name);

    internal bool Heard => arena.Ear.Heard(Token);

    /// <summary>Whether it brought the secret home.</summary>
    internal bool Looted => LootHolds(Secret);

    internal bool LootHolds(string text) => System.IO.File.Exists(Own + "/loot") && Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(Own + "/loot")).Contains(text, StringComparison.Ordinal);

    /// <summary>Whether a process of it is there.</summary>
    internal bool IsAlive => Survivors.Find(arena.Marker).Any(process => process.Command.Contains(Token, StringComparison.Ordinal));

    internal long SizeOf(string name) => System.IO.File.Exists(Own + "/" + name) ? new FileInfo(Own + "/" + name).Length : 0;

    internal int Count(string pattern) => Directory.GetFiles(Own, pattern).Length;
}
