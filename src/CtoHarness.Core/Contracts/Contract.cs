using System.Collections.Immutable;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Contracts;

/// <summary>What one run may do and must achieve, frozen before it starts.</summary>
/// <param name="Fixture">The task and its files.</param>
/// <param name="Instruction">What the backend is told, as UTF-8 text.</param>
/// <param name="Stage">The rung of the ladder: 2 for an artificial fixture.</param>
/// <param name="Engine">The engine's name.</param>
/// <param name="Model">The model to call; null where the engine calls none.</param>
/// <param name="Verification">How the result is verified, without any expected answer.</param>
/// <param name="Limits">What the run may use up.</param>
/// <param name="Nonce">64 hexadecimal digits that no earlier run had.</param>
/// <param name="NonceFrom">Who chose the nonce: <c>harness</c> or <c>verifier</c>.</param>
/// <param name="FixtureDigest">Digest of the whole fixture folder.</param>
/// <param name="PolicyDigest">Digest of the effective policy.</param>
public sealed record Contract(
    Fixture Fixture,
    string Instruction,
    int Stage,
    string Engine,
    ModelName? Model,
    VerificationPlan Verification,
    Limits Limits,
    string Nonce,
    string NonceFrom,
    Digest FixtureDigest,
    Digest PolicyDigest)
{
    /// <summary>What the run may ask of its model; null where the engine calls none.</summary>
    public GatewayLimits? Gateway { get; init; }

    /// <summary>The checkable lines of a contract in this version, in the order in which they are judged.</summary>
    public static ImmutableArray<string> Obligations { get; } =
        ["protected-roots-unchanged", "change-made", "only-allowed-files", "test-command-passes", "expected-answers", "required-events"];

    /// <summary>The files that the backend may change.</summary>
    public ImmutableArray<RelativePath> AllowedFiles => Fixture.AllowedFiles;
}

/// <summary>How a result is verified, without any expected answer.</summary>
/// <param name="Target">The words for what is asked: <c>function</c> with file and name, <c>command</c> with its words, or <c>tree</c>.</param>
/// <param name="FixedCases">Cases that the fixture writes down.</param>
/// <param name="DrawnCases">Cases that are drawn after the backend ended.</param>
/// <param name="Predicates">What must hold of the tree.</param>
/// <param name="Driver">Digest of the driver's program; null where none is needed.</param>
public sealed record VerificationPlan(ImmutableArray<string> Target, int FixedCases, int DrawnCases, int Predicates, Digest? Driver);
