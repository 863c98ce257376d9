using System.Collections.Immutable;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What the model does in each of Case's phases; every phase is a conversation of its own.</summary>
internal sealed record CaseScenario(string Name, ImmutableDictionary<string, ImmutableArray<Answer>> Turns)
{
    /// <summary>A scenario with turns of its own in the implement phase, and the usual ones in the others.</summary>
    public CaseScenario(string name, params ImmutableArray<Answer> implement)
        : this(name, CaseAnswers.Usual.SetItem("IMPLEMENTER", implement))
    {
    }

    /// <summary>The script for a provider.</summary>
    public Script Script => Scripts.ByRole(Turns);

    /// <summary>The same scenario with other turns of a role.</summary>
    public CaseScenario With(string role, params ImmutableArray<Answer> turns) => this with { Turns = Turns.SetItem(role, turns) };

    /// <summary>A scenario in which every phase gets the same answer.</summary>
    public static CaseScenario Everywhere(string name, Answer answer) =>
        new(name, CaseAnswers.Usual.ToImmutableDictionary(role => role.Key, _ => ImmutableArray.Create(answer)));

    public override string ToString() => Name;
}
