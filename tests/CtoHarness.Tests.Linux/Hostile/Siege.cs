using System.Collections.Concurrent;
using System.Collections.Immutable;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>All attacks of a configuration, made once and looked at by many tests.</summary>
public sealed class Siege : IDisposable
{
    private readonly Lazy<Stage> _stage = new(() => new Stage());
    private readonly ConcurrentDictionary<(string User, Configuration? Where), Lazy<ImmutableDictionary<string, Seen>>> _seen = [];

    /// <summary>What was seen of an attack in a sandbox.</summary>
    internal Seen Inside(string user, Configuration configuration, string attack) => Of(user, configuration)[attack];

    /// <summary>What was seen of it outside of every sandbox.</summary>
    internal Seen Outside(string user, string attack) => Of(user, null)[attack];

    /// <summary>All of a configuration.</summary>
    internal ImmutableDictionary<string, Seen> Of(string user, Configuration? where) => _seen.GetOrAdd((user, where), key => new(() => Make(key.User, key.Where))).Value;

    /// <summary>What the puppet says outside, as an ordinary user.</summary>
    internal string SayOutside(string verb)
    {
        string[] line = [.. OrdinaryUser.Become, _stage.Value.Puppet, verb, "/etc/passwd"];
        return Tool.Try(line[0], line[1..]).Text;
    }

    public void Dispose()
    {
        if (_stage.IsValueCreated)
        {
            _stage.Value.Dispose();
        }
    }

    /// <summary>Makes what every run of the tests needs, all at once: much of it is waiting.</summary>
    internal void MakeAll() => MakeAll([Configuration.Full, null]);

    /// <summary>Makes the weaker ones.</summary>
    internal void MakeWeaker() => MakeAll([Configuration.NoLandlock, Configuration.NoSeccomp, Configuration.Old, Configuration.OldAlone]);

    private void MakeAll(Configuration?[] places) => Parallel.ForEach(
        Stage.Users.SelectMany(user => places.Select(place => (user, place))), new ParallelOptions { MaxDegreeOfParallelism = 4 }, one => Of(one.user, one.place));

    private ImmutableDictionary<string, Seen> Make(string user, Configuration? where)
    {
        using var arena = new Arena(_stage.Value, user, Attacks.Here.Where(attack => where is null or Configuration.Full || attack.Weaker is not null));
        return (where is { } configuration ? arena.Inside(configuration) : arena.Outside()).ToImmutableDictionary(seen => seen.Attack.Name);
    }
}
