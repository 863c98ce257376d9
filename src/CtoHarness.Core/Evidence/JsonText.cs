using System.Buffers;
using System.Text.Json;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes JSON documents the way every file of a bundle is written: indented, ASCII, ending in a newline.</summary>
public static class JsonText
{
    /// <summary>Writes one document.</summary>
    /// <param name="write">Writes the value.</param>
    /// <returns>UTF-8 bytes with a final newline; characters beyond ASCII are escaped, so that a terminal shows them safely.</returns>
    public static byte[] Document(Action<Utf8JsonWriter> write) => Bytes(write, indented: true, newline: true);

    /// <summary>Writes one value on one line, without a newline.</summary>
    /// <param name="write">Writes the value.</param>
    /// <returns>UTF-8 bytes.</returns>
    public static byte[] Line(Action<Utf8JsonWriter> write) => Bytes(write, indented: false, newline: false);

    /// <summary>Writes a list of texts under a name.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="values">The texts.</param>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(values);
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes true, false, or null where it was not observed.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="value">The value.</param>
    public static void WriteObserved(this Utf8JsonWriter json, string name, bool? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes a whole number, or null where it was not observed.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="value">The value.</param>
    public static void WriteObserved(this Utf8JsonWriter json, string name, long? value)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static byte[] Bytes(Action<Utf8JsonWriter> write, bool indented, bool newline)
    {
        ArgumentNullException.ThrowIfNull(write);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, NewLine = "\n" }))
        {
            write(json);
        }

        return newline ? [.. buffer.WrittenSpan, (byte)'\n'] : buffer.WrittenSpan.ToArray();
    }
}
