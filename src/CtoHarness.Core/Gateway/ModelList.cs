using System.Collections.Immutable;
using System.Text.Json;

namespace CtoHarness.Core.Gateway;

/// <summary>Reads a provider's list of models.</summary>
public static class ModelList
{
    private const int MostModels = 10_000;

    /// <summary>Reads the list.</summary>
    /// <param name="utf8">Any bytes.</param>
    /// <returns>The models' names, or null where there is no list that can be read.</returns>
    public static ImmutableArray<string>? TryRead(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("data", out var list)
                || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostModels)
            {
                return null;
            }

            var names = ImmutableArray.CreateBuilder<string>();
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
                {
                    return null;
                }

                names.Add(id.GetString()!);
            }

            return names.ToImmutable();
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
