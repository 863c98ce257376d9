using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Attestation;

/// <summary>A file, or another thing of fixed bytes, that a statement is about.</summary>
/// <param name="Name">Its path, with <c>/</c> between names: plain text that could be a path below a folder.</param>
/// <param name="Sha256">Digest of its bytes.</param>
public sealed record Subject(string Name, Digest Sha256);

/// <summary>An in-toto Statement v1: something that is said of files. Its bytes are canonical JSON (RFC 8785).</summary>
/// <param name="Subjects">What it is about, in ordinal order of the names: at least one, and none named twice.</param>
/// <param name="PredicateType">What kind of thing is said.</param>
/// <param name="Predicate">What is said: canonical JSON of an object.</param>
public sealed record Statement(ImmutableArray<Subject> Subjects, string PredicateType, ReadOnlyMemory<byte> Predicate)
{
    /// <summary>The type of every statement.</summary>
    public const string Type = "https://in-toto.io/Statement/v1";

    /// <summary>The longest name of a kind of statement, in characters.</summary>
    public const int LongestPredicateType = 200;

    /// <summary>Writes the statement.</summary>
    /// <returns>The payload of a seal.</returns>
    /// <exception cref="InvalidOperationException">The statement could not be read again, which is a bug of whoever made it.</exception>
    public byte[] Write() => IsSound ? Bytes() : throw new InvalidOperationException("the subjects or the predicate of this statement are not of its form");

    /// <summary>Reads a statement.</summary>
    /// <param name="payload">Any bytes.</param>
    /// <returns>The statement, or null unless it is written as exactly these bytes.</returns>
    public static Statement? TryRead(ReadOnlyMemory<byte> payload)
    {
        if (JsonFields.TryParse(payload) is not { } json || json.Text("predicateType") is not { } type
            || json.Inner("predicate") is not { } predicate || json.Items("subject") is not { } items)
        {
            return null;
        }

        var subjects = items.Select(SubjectOf).ToList();
        if (subjects.Contains(null))
        {
            return null;
        }

        var statement = new Statement([.. subjects.Select(subject => subject!)], type, CanonicalJson.Of(predicate.WriteTo));
        return statement.IsSound && statement.Bytes().AsSpan().SequenceEqual(payload.Span) ? statement : null;
    }

    private bool IsSound =>
        PredicateType.Length is > 0 and <= LongestPredicateType
        && Subjects.Length > 0 && Subjects.All(subject => IsName(subject.Name))
        && Subjects.Zip(Subjects.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0)
        && Predicate.Length > 0 && Predicate.Span[0] == '{'
        && CanonicalJson.TryFrom(Predicate) is { } canonical && canonical.AsSpan().SequenceEqual(Predicate.Span);

    private static bool IsName(string name) => RelativePath.TryParse(name, out var path) && path.ToString() == name;

    private static Subject? SubjectOf(JsonElement json) =>
        json.Text("name") is { } name && json.Inner("digest")?.Text("sha256") is { } hex && Digest.TryParse("sha256:" + hex, out var digest)
            ? new Subject(name, digest)
            : null;

    private byte[] Bytes() => CanonicalJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("_type", Type);
        json.WriteStartArray("subject");
        foreach (var subject in Subjects)
        {
            json.WriteStartObject();
            json.WriteString("name", subject.Name);
            json.WriteStartObject("digest");
            json.WriteString("sha256", subject.Sha256.Hex);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("predicateType", PredicateType);
        json.WritePropertyName("predicate");
        using (var predicate = JsonDocument.Parse(Predicate))
        {
            predicate.RootElement.WriteTo(json);
        }

        json.WriteEndObject();
    });
}
