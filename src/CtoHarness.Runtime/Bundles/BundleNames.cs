using System.Text;
using System.Text.Json;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;

namespace CtoHarness.Runtime.Bundles;

/// <summary>Which names are those of a bundle and of what lies in it.</summary>
internal static class BundleNames
{
    /// <summary>The file that names the run.</summary>
    internal const string Report = "report.json";

    private const int MostShown = 300;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one name, or a whole path, from the bytes that a kernel or a pack has.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The text, or null and what is odd about it.</returns>
    internal static (string? Text, string Odd) Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return PlainText.Visible(text) == text ? (text, "") : (null, "a name that cannot be shown as it is");
        }
        catch (DecoderFallbackException)
        {
            return (null, "a name that is not UTF-8");
        }
    }

    /// <summary>A name as it may be shown, whatever it holds.</summary>
    internal static string Shown(ReadOnlySpan<byte> bytes) => Shown(Encoding.UTF8.GetString(bytes));

    /// <summary>A name as it may be shown, whatever it holds.</summary>
    internal static string Shown(string text) => PlainText.Visible(text, MostShown);

    /// <summary>Whether a path goes down from the bundle and nowhere else.</summary>
    internal static bool IsBelow(string path) =>
        Encoding.UTF8.GetByteCount(path) is > 0 and <= BundleFiles.LongestPath
        && path.Split('/').All(name => name is not ("" or "." or ".."));

    /// <summary>The order of a bundle's files where they follow each other: the seal, then all others by their paths.</summary>
    internal static int Compare(string a, string b) =>
        a == b ? 0 : a == BundleFiles.Seal ? -1 : b == BundleFiles.Seal ? 1 : string.CompareOrdinal(a, b);

    /// <summary>The run that a report is of.</summary>
    /// <param name="report">The bytes of <c>report.json</c>; null where there are none.</param>
    /// <returns>The run's name, or null where the report names none.</returns>
    internal static RunId? RunOf(ReadOnlyMemory<byte>? report)
    {
        try
        {
            using var document = JsonDocument.Parse(report ?? default, new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("run_id", out var name) && name.ValueKind == JsonValueKind.String
                && RunId.TryParse(name.GetString()!, out var run) ? run : null;
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
