using System.Collections.Immutable;

namespace CtoHarness.Documents.Bundles;

/// <summary>The checks of a bundle, in the order in which they are made.</summary>
public static class CheckNames
{
    /// <summary>That what the reader asked for was answered.</summary>
    public const string Nonce = "nonce";

    /// <summary>That the run is no older than the reader allows.</summary>
    public const string Age = "age";

    /// <summary>That the change passes again on the reader's machine.</summary>
    public const string Recheck = "recheck";

    /// <summary>The checks that are always made, with the question that each asks.</summary>
    public static ImmutableArray<(string Name, string Question)> Always { get; } =
    [
        ("files", "only regular files with plain names lie there"),
        ("seal-form", "one Sigstore bundle v0.3 with exactly one signature"),
        ("seal-key", "sealed by a key that you trust"),
        ("seal-signature", "the signature is that key's, over exactly these bytes"),
        ("seal-statement", "the sealed statement is of this version, and complete"),
        ("subjects", "every file is as it was sealed, none is missing, none was added"),
        ("events", "the events are whole, chained from the first to run.completed"),
        ("observers", "each event is one that a run makes, seen by who alone can have seen it"),
        ("records", "every record is written exactly as the harness writes it"),
        ("agreement", "events, records and digests say the same"),
        ("fixture", "contract, questions and expected answers follow from the frozen fixture and the seed"),
        ("verdict", "the judge, asked again, comes to the sealed verdict"),
        ("report", "report.json and report.md, made again, are the same bytes"),
        ("freshness", "the run id is that of its start, and it was sealed after its end and before now"),
    ];
}
