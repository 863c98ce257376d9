using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Core.Contracts;

/// <summary>Writes the effective policy: for the bundle without, for people with the source of each value.</summary>
public static class PolicyJson
{
    /// <summary>Writes <c>policy.json</c>, schema <c>effective-policy.v1.json</c>.</summary>
    /// <param name="policy">The policy after every overlay.</param>
    /// <returns>The bytes whose SHA-256 is the policy's digest; they do not depend on where a value came from.</returns>
    public static byte[] Of(RunPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/effective-policy/v1");
            json.WriteStartObject("settings");
            foreach (var setting in policy.Settings)
            {
                json.WritePropertyName(setting.Name);
                WriteValue(json, setting);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Writes what <c>policy show --json</c> prints, schema <c>policy-view.v1.json</c>.</summary>
    /// <param name="policy">The policy after every overlay.</param>
    /// <returns>A JSON document.</returns>
    public static byte[] ViewOf(RunPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/policy-view/v1");
            json.WriteString("digest", Digest.Of(Of(policy)).ToString());
            json.WriteStartArray("settings");
            foreach (var setting in policy.Settings)
            {
                json.WriteStartObject();
                json.WriteString("name", setting.Name);
                json.WritePropertyName("value");
                WriteValue(json, setting);
                json.WriteString("source", setting.Source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Reads the limits of <c>policy.json</c>.</summary>
    /// <param name="file">Any bytes.</param>
    /// <returns>The limits, or null where one is missing or the file is not written as the harness writes it.</returns>
    public static Limits? LimitsOf(ReadOnlyMemory<byte> file)
    {
        if (JsonFields.TryParse(file) is not { } json || json.Inner("settings") is not { } settings || json.Text("schema") != "cto-harness/effective-policy/v1")
        {
            return null;
        }

        var again = JsonText.Document(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("schema", "cto-harness/effective-policy/v1");
            writer.WritePropertyName("settings");
            settings.WriteTo(writer);
            writer.WriteEndObject();
        });
        var isWhole = true;
        var limits = new Limits(
            Of("limits.wall_seconds"), Of("limits.test_wall_seconds"), Of("limits.stop_seconds"), Of("limits.output_bytes"), Of("limits.file_bytes"),
            Of("limits.workspace_bytes"), Of("limits.workspace_entries"), Of("limits.workspace_depth"), Of("limits.processes"), Of("limits.address_space_bytes"));
        return isWhole && again.AsSpan().SequenceEqual(file.Span) ? limits : null;

        long Of(string name)
        {
            isWhole &= settings.Count(name) is not null;
            return settings.Count(name) ?? 0;
        }
    }

    /// <summary>Reads what a run may ask of a model from an effective policy.</summary>
    /// <param name="file">Any bytes.</param>
    /// <returns>The limits, or null where one of them is not there.</returns>
    public static GatewayLimits? GatewayOf(ReadOnlyMemory<byte> file)
    {
        if (JsonFields.TryParse(file)?.Inner("settings") is not { } settings)
        {
            return null;
        }

        var isWhole = true;
        var limits = new GatewayLimits(
            Of("gateway.calls"), Of("gateway.tokens"), Of("gateway.request_bytes"), Of("gateway.response_bytes"),
            Of("gateway.idle_seconds"), Of("gateway.traffic_bytes"), Of("gateway.refused_models"));
        return isWhole ? limits : null;

        long Of(string name)
        {
            isWhole &= settings.Count(name) is not null;
            return settings.Count(name) ?? 0;
        }
    }

    private static void WriteValue(Utf8JsonWriter json, PolicySetting setting)
    {
        if (!PolicyKeys.All.First(key => key.Name == setting.Name).IsList)
        {
            json.WriteNumberValue(long.Parse(setting.Value[0], CultureInfo.InvariantCulture));
            return;
        }

        json.WriteStartArray();
        foreach (var path in setting.Value)
        {
            json.WriteStringValue(path);
        }

        json.WriteEndArray();
    }
}
