using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Runs;

/// <summary>Writes and reads what an engine may have and need not, as far as evidence is judged by it; what it has not is left out.</summary>
internal static class EngineFieldsJson
{
    internal static void Write(Utf8JsonWriter json, EngineManifest engine)
    {
        if (engine.IsDeclaredStandIn)
        {
            json.WriteBoolean("stand_in", true);
        }

        if (engine.ProviderWire.Length > 0)
        {
            json.WriteString("wire", engine.ProviderWire);
        }

        if (engine.Output != OutputWire.None)
        {
            json.WriteString("output", Words.Of(engine.Output));
        }

        if (engine.OutputFile.Length > 0)
        {
            json.WriteString("output_file", engine.OutputFile);
        }

        if (!engine.OwnFiles.IsEmpty)
        {
            json.WriteStrings("own_files", engine.OwnFiles.Select(pattern => pattern.Text));
        }

        if (engine.TextDigest is { } digest)
        {
            json.WriteString("manifest", digest.ToString());
        }
    }

    /// <summary>The engine with what is there; null where something of it has another form.</summary>
    internal static EngineManifest? TryRead(JsonElement json, EngineManifest engine)
    {
        var output = Has(json, "output") ? WordReader.Find<OutputWire>(json.Text("output"), Words.Of) : OutputWire.None;
        var own = Has(json, "own_files") ? Patterns(json.Texts("own_files")) : [];
        var isSound = output is not null && own is not null
            && (!Has(json, "stand_in") || json.Truth("stand_in") is true)
            && IsTextOrAbsent(json, "wire") && IsTextOrAbsent(json, "output_file")
            && (!Has(json, "manifest") || Digest.TryParse(json.Text("manifest") ?? "", out _));
        return isSound
            ? engine with
            {
                IsDeclaredStandIn = Has(json, "stand_in"),
                ProviderWire = json.Text("wire") ?? "",
                Output = output!.Value,
                OutputFile = json.Text("output_file") ?? "",
                OwnFiles = own!.Value,
                TextDigest = Digest.TryParse(json.Text("manifest") ?? "", out var digest) ? digest : null,
            }
            : null;
    }

    private static bool Has(JsonElement json, string name) => json.TryGetProperty(name, out _);

    private static bool IsTextOrAbsent(JsonElement json, string name) => !Has(json, name) || json.Text(name) is { Length: > 0 };

    private static ImmutableArray<PathPattern>? Patterns(ImmutableArray<string>? texts)
    {
        var patterns = texts?.Select(text => PathPattern.TryParse(text, out var pattern) ? pattern : null).ToList();
        return patterns is null || patterns.Count == 0 || patterns.Contains(null) ? null : [.. patterns.Select(pattern => pattern!)];
    }
}
