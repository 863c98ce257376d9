using System.Text.Json;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Documents.Bundles;

/// <summary>Writes what a review came to, schema <c>verify.v1.json</c>.</summary>
public static class ReviewJson
{
    /// <summary>Writes a review.</summary>
    /// <param name="bundle">Where the bundle is, safe to show.</param>
    /// <param name="review">The review.</param>
    /// <returns>A JSON document.</returns>
    public static byte[] Of(string bundle, BundleReview review)
    {
        ArgumentNullException.ThrowIfNull(review);
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/verify/v1");
            json.WriteString("bundle", bundle);
            json.WriteBoolean("accepted", review.IsAccepted);
            WriteRefusal(json, review.Refusal);
            json.WriteStartArray("checks");
            foreach (var check in review.Checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteString("question", check.Question);
                json.WriteString("state", WordOf(check.State));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("key", review.Key?.Id);
            WriteRun(json, review.IsAccepted ? review.Predicate : null);
            json.WriteEndObject();
        });
    }

    /// <summary>The word of a check's state.</summary>
    /// <param name="state">The state.</param>
    /// <returns>Its word in JSON and on the screen.</returns>
    public static string WordOf(CheckState state) => state switch
    {
        CheckState.Holds => "ok",
        CheckState.Refused => "refused",
        _ => "not_made",
    };

    private static void WriteRefusal(Utf8JsonWriter json, CheckRefusal? refusal)
    {
        if (refusal is null)
        {
            json.WriteNull("refusal");
            return;
        }

        json.WriteStartObject("refusal");
        json.WriteString("check", refusal.Check);
        json.WriteString("expected", refusal.Expected);
        json.WriteString("found", refusal.Found);
        json.WriteEndObject();
    }

    // Of a bundle that is refused nothing is told as if it were known.
    private static void WriteRun(Utf8JsonWriter json, RunPredicate? run)
    {
        if (run is null)
        {
            json.WriteNull("run");
            return;
        }

        json.WritePropertyName("run");
        using var predicate = JsonDocument.Parse(run.Write());
        predicate.RootElement.WriteTo(json);
    }
}
