using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Attestation;

/// <summary>Sound bytes, changed in a few places: they come deep into each reader, and none takes them for something else.</summary>
[Trait("Mission", "M20")]
public sealed class MutationTests : IDisposable
{
    private const int Usual = 10_000;
    private const int Many = 200_000;
    private readonly Signer _signer = new();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void No_changed_seal_opens() => Seals(Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void No_changed_seal_opens_in_many_more_tries() => Seals(Many);

    [Fact]
    public void A_changed_statement_is_refused_or_written_again_as_it_is() => Statements(Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_changed_statement_is_refused_or_written_again_as_it_is_in_many_more_tries() => Statements(Many);

    [Fact]
    public void A_changed_predicate_is_refused_or_written_again_as_it_is() => Predicates(Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_changed_predicate_is_refused_or_written_again_as_it_is_in_many_more_tries() => Predicates(Many);

    [Fact]
    public void A_changed_key_is_refused_or_the_same_key() => Keys(Usual);

    [Fact]
    [Trait("Tier", "Long")]
    public void A_changed_key_is_refused_or_the_same_key_in_many_more_tries() => Keys(Many);

    private void Seals(int tries)
    {
        var file = _signer.Seal(Signer.Statement.Write());
        var checks = new HashSet<string>();
        Law.Holds(Changed(file), changed => (_signer.RefusalOf(changed) is { } check && checks.Add(check) is var _) || changed.AsSpan().SequenceEqual(file), tries);
        Assert.Equal(["seal-form", "seal-key", "seal-signature"], checks.Order(StringComparer.Ordinal));
    }

    private static void Statements(int tries) =>
        Law.Holds(Changed(Signer.Statement.Write()), changed => Statement.TryRead(changed) is not { } read || read.Write().AsSpan().SequenceEqual(changed), tries);

    private static void Predicates(int tries) =>
        Law.Holds(Changed(Signer.Predicate().Write()), changed => RunPredicate.TryRead(changed) is not { } read || read.Write().AsSpan().SequenceEqual(changed), tries);

    // No change of a point leads to another one but by chance: that would take its other coordinate along.
    private void Keys(int tries)
    {
        var key = _signer.Key;
        Law.Holds(
            Changed(Encoding.ASCII.GetBytes(key.ToPem())),
            changed => PublicKey.Read("here", Encoding.Latin1.GetString(changed)) is not Parsed<PublicKey>.Value { Result: var read } || read == key,
            tries);
    }

    // A bit, a byte, a stretch left out, doubled, or moved elsewhere: once, or a few times over.
    private static Gen<byte[]> Changed(byte[] whole) =>
        from changes in Gen.Choose(0, int.MaxValue).Four().NonEmptyListOf().Select(list => list.Take(4).ToList())
        select changes.Aggregate(whole, (bytes, change) => One(bytes, change.Item1 % 6, change.Item2, change.Item3, change.Item4));

    private static byte[] One(byte[] bytes, int kind, int first, int second, int what)
    {
        if (bytes.Length == 0)
        {
            return [(byte)(what & 0xff)];
        }

        var at = first % bytes.Length;
        var end = at + (second % Math.Min(bytes.Length - at, 64));
        var to = what % bytes.Length;
        return kind switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << (what & 7))), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], (byte)(what & 0xff), .. bytes[(at + 1)..]],
            2 => [.. bytes[..at], .. bytes[end..]],
            3 => [.. bytes[..end], .. bytes[at..]],
            4 => [.. bytes[..at], (byte)(what & 0xff), .. bytes[at..]],
            _ => [.. bytes[..to], .. bytes[at..end], .. bytes[to..]],
        };
    }
}
