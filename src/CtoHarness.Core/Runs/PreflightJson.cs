using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Runs;

/// <summary>What <c>preflight.checked</c> holds beyond the answers: what was seen, and the layers of the sandbox.</summary>
public static class PreflightJson
{
    private const string Details = "details";
    private const string LayersName = "layers";
    private const string SelfTestName = "self_test";

    /// <summary>Writes the details; the answers themselves stand beside them, each under its check's name.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="checks">The checks.</param>
    /// <param name="layers">The layers and their versions.</param>
    public static void WriteDetails(Utf8JsonWriter json, IEnumerable<PreflightCheck> checks, ImmutableSortedDictionary<string, string> layers)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(layers);
        json.WriteStartObject(Details);
        foreach (var check in checks)
        {
            json.WriteString(check.Name, check.Detail);
        }

        json.WriteEndObject();
        json.WriteStartObject(LayersName);
        foreach (var (name, version) in layers)
        {
            json.WriteString(name, version);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes what the sandbox was tried with; null where it was not.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="tries">The tries, each a check.</param>
    public static void WriteSelfTest(Utf8JsonWriter json, ImmutableArray<PreflightCheck>? tries)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (tries is not { } all)
        {
            json.WriteNull(SelfTestName);
            return;
        }

        json.WriteStartObject(SelfTestName);
        foreach (var check in all)
        {
            json.WriteStartObject(check.Name);
            json.WriteBoolean("passed", check.Passed);
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the event again.</summary>
    /// <param name="json">A value whose names can be read.</param>
    /// <returns>Checks in the order of their names, and layers; what cannot be read is left out.</returns>
    public static (ImmutableArray<PreflightCheck> Checks, ImmutableSortedDictionary<string, string> Layers) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return ([], ImmutableSortedDictionary<string, string>.Empty);
        }

        var layers = json.Inner(LayersName) is { } inner
            ? inner.EnumerateObject().Where(layer => layer.Name.Length > 0 && inner.Text(layer.Name) is not null).Select(layer => KeyValuePair.Create(layer.Name, inner.Text(layer.Name)!))
            : [];
        return (
            [.. json.EnumerateObject()
                .Where(field => field.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                .Select(field => new PreflightCheck(field.Name, field.Value.GetBoolean(), json.Inner(Details)?.Text(field.Name) ?? ""))],
            layers.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whether the event is written as the harness writes it: nothing in it is left out by whoever reads it.</summary>
    /// <param name="json">A value whose names can be read.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsWhole(JsonElement json)
    {
        var (checks, layers) = Read(json);
        var again = CanonicalJson.Of(writer =>
        {
            writer.WriteStartObject();
            foreach (var check in checks)
            {
                writer.WriteBoolean(check.Name, check.Passed);
            }

            WriteDetails(writer, checks, layers);
            WriteSelfTest(writer, ReadSelfTest(json));
            writer.WriteEndObject();
        });
        return CanonicalJson.TryFrom(JsonText.Line(json.WriteTo)) is { } given && again.AsSpan().SequenceEqual(given);
    }

    /// <summary>Reads what the sandbox was tried with.</summary>
    /// <param name="json">A value whose names can be read.</param>
    /// <returns>The tries in the order of their names; null where there were none.</returns>
    public static ImmutableArray<PreflightCheck>? ReadSelfTest(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.Inner(SelfTestName) is { } tries
            ? [.. tries.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Object).Select(one => new PreflightCheck(
                one.Name, one.Value.TryGetProperty("passed", out var passed) && passed.ValueKind == JsonValueKind.True, one.Value.Text("detail") ?? ""))]
            : null;
}
