using System.Collections.Immutable;

namespace CtoHarness.Core.Observation;

/// <summary>A piece of a text that may name a path.</summary>
/// <param name="Text">Absolute, or relative to a folder that the reader of the text may stand in.</param>
/// <param name="IsPlain">Whether the text writes it as an absolute path, rather than something that only leads to one.</param>
public readonly record struct PathWord(string Text, bool IsPlain);

/// <summary>What a text's words may stand for.</summary>
/// <param name="Variables">Names of variables, and the values that each may have.</param>
/// <param name="Homes">Names of users, and their homes; the empty name stands for whoever reads the text.</param>
/// <param name="Tops">Names that stand in the machine's root folder.</param>
/// <param name="Targets">Declared targets: absolute paths with every link resolved.</param>
public sealed record PathTerms(
    ImmutableDictionary<string, ImmutableArray<string>> Variables,
    ImmutableDictionary<string, ImmutableArray<string>> Homes,
    ImmutableHashSet<string> Tops,
    ImmutableArray<string> Targets);
