using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CtoHarness.Core.Verification;

/// <summary>Draws values from a seed. The stream is SHA-256 over <c>SEED:0</c>, <c>SEED:1</c> …, so that anybody can draw the same again.</summary>
internal sealed class Drawing
{
    private const int MostText = 20_000;
    private readonly string _seed;
    private readonly byte[] _block = new byte[SHA256.HashSizeInBytes];
    private long _blocks;
    private int _used = SHA256.HashSizeInBytes;

    private Drawing(string seed) => _seed = seed;

    /// <summary>Draws the cases of a generator.</summary>
    internal static IEnumerable<VerificationCase> Cases(Generator generator, string seed, bool isCommand)
    {
        var drawing = new Drawing(seed);
        for (var number = 1; number <= generator.Count; number++)
        {
            var fields = ImmutableArray.CreateBuilder<(string, JsonValue)>();
            fields.Add(("arguments", new JsonValue.List([.. generator.Arguments.Select(drawing.Draw)])));
            if (!generator.Keywords.IsEmpty)
            {
                fields.Add(("keywords", new JsonValue.Map([.. generator.Keywords.Select(field => (field.Name, drawing.Draw(field.Shape)))])));
            }

            if (isCommand)
            {
                fields.Add(("stdin", generator.Input is { } shape ? drawing.Draw(shape) : new JsonValue.Characters("")));
            }

            yield return new VerificationCase(string.Create(CultureInfo.InvariantCulture, $"drawn-{number}"), new JsonValue.Map(fields.ToImmutable()), null, IsDrawn: true);
        }
    }

    private JsonValue Draw(Shape shape) => shape switch
    {
        Shape.Constant constant => constant.Value,
        Shape.Whole whole => Number(whole),
        Shape.Pieces text => new JsonValue.Characters(Joined(text)),
        Shape.List list => new JsonValue.List([.. Enumerable.Range(0, Between(list.Min, list.Max)).Select(_ => Draw(list.Item))]),
        Shape.Map map => new JsonValue.Map([.. map.Fields.Select(field => (field.Name, Draw(field.Shape)))]),
        Shape.OneOf one => Draw(one.Shapes[Between(0, one.Shapes.Length - 1)]),
        _ => new JsonValue.Null(),
    };

    private JsonValue.Number Number(Shape.Whole whole)
    {
        var span = unchecked((ulong)whole.Max - (ulong)whole.Min);
        var value = unchecked((long)((ulong)whole.Min + (span == ulong.MaxValue ? Next() : Below(span + 1))));
        return new JsonValue.Number(value.ToString(CultureInfo.InvariantCulture));
    }

    private string Joined(Shape.Pieces text)
    {
        var result = new StringBuilder();
        for (var left = Between(text.Min, text.Max); left > 0 && result.Length < MostText; left--)
        {
            result.Append(text.Parts[Between(0, text.Parts.Length - 1)]);
        }

        return result.ToString();
    }

    private int Between(int min, int max) => min + (int)Below((ulong)(max - min) + 1);

    // Values above the last whole multiple are drawn again: each result is as likely as the others.
    private ulong Below(ulong bound)
    {
        var rest = ((ulong.MaxValue % bound) + 1) % bound;
        ulong value;
        do
        {
            value = Next();
        }
        while (value > ulong.MaxValue - rest);
        return value % bound;
    }

    private ulong Next()
    {
        if (_used == _block.Length)
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_seed}:{_blocks++}")), _block);
            _used = 0;
        }

        var value = BinaryPrimitives.ReadUInt64BigEndian(_block.AsSpan(_used));
        _used += sizeof(ulong);
        return value;
    }
}
