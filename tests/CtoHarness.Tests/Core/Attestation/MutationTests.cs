using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;

namespace CtoHarness.Tests.Core.Attestation;

/// <summary>Sound bytes, changed in a few places: they come deep into each reader, and none takes them for something else.</summary>
[Trait("Mission", "M20")]
public sealed class MutationTests : IDisposable
{
    private readonly Signer _signer = new();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void No_changed_seal_opens() => Seals(Mutated.Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void No_changed_seal_opens_in_many_more_tries() => Seals(Mutated.Many);

    [Fact]
    public void A_changed_statement_is_refused_or_written_again_as_it_is() => Statements(Mutated.Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_changed_statement_is_refused_or_written_again_as_it_is_in_many_more_tries() => Statements(Mutated.Many);

    [Fact]
    public void A_changed_predicate_is_refused_or_written_again_as_it_is() => Predicates(Mutated.Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_changed_predicate_is_refused_or_written_again_as_it_is_in_many_more_tries() => Predicates(Mutated.Many);

    [Fact]
    public void A_changed_key_is_refused_or_the_same_key() => Keys(Mutated.Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_changed_key_is_refused_or_the_same_key_in_many_more_tries() => Keys(Mutated.Many);

    private void Seals(int tries)
    {
        var file = _signer.Seal(Signer.Statement.Write());
        var checks = new HashSet<string>();
        Law.Holds(Mutated.Of(file), changed => (_signer.RefusalOf(changed) is { } check && checks.Add(check) is var _) || changed.AsSpan().SequenceEqual(file), tries);
        Assert.Equal(["seal-form", "seal-key", "seal-signature"], checks.Order(StringComparer.Ordinal));
    }

    private static void Statements(int tries) =>
        Law.Holds(Mutated.Of(Signer.Statement.Write()), changed => Statement.TryRead(changed) is not { } read || read.Write().AsSpan().SequenceEqual(changed), tries);

    private static void Predicates(int tries) =>
        Law.Holds(Mutated.Of(Signer.Predicate().Write()), changed => RunPredicate.TryRead(changed) is not { } read || read.Write().AsSpan().SequenceEqual(changed), tries);

    // No change of a point leads to another one but by chance: that would take its other coordinate along.
    private void Keys(int tries)
    {
        var key = _signer.Key;
        Law.Holds(
            Mutated.Of(Encoding.ASCII.GetBytes(key.ToPem())),
            changed => PublicKey.Read("here", Encoding.Latin1.GetString(changed)) is not Parsed<PublicKey>.Value { Result: var read } || read == key,
            tries);
    }
}
