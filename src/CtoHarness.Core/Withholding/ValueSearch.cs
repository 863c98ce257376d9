using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Withholding;

/// <summary>Finds any of many values, in their usual forms, in one pass that skips most bytes (Wu and Manber, 1994).</summary>
public sealed class ValueSearch
{
    private const int Blocks = 1 << 16;

    private static readonly ImmutableArray<string> Brackets = ["[]", "{}", "<>", "()", "||", "\0\0"];

    // How far the window may move when it ends in these two bytes; 0 where a form may stand in it.
    private readonly byte[] _shifts = [];
    private readonly Dictionary<int, Form[]> _forms = [];
    private readonly Form[]?[] _begins = [];
    private readonly string _brackets = "";

    private ValueSearch(List<Form> forms)
    {
        if (forms.Count == 0)
        {
            return;
        }

        Window = Math.Min(byte.MaxValue, forms.Min(form => form.Bytes.Length));
        _shifts = new byte[Blocks];
        Array.Fill(_shifts, (byte)(Window - 1));
        foreach (var form in forms)
        {
            for (var end = 1; end < Window; end++)
            {
                var block = BlockAt(form.Bytes, end);
                _shifts[block] = Math.Min(_shifts[block], (byte)(Window - 1 - end));
            }
        }

        _forms = forms.GroupBy(form => BlockAt(form.Bytes, Window - 1)).ToDictionary(group => group.Key, group => group.ToArray());

        _begins = new Form[byte.MaxValue + 1][];
        foreach (var group in forms.GroupBy(form => form.Bytes[0]))
        {
            _begins[group.Key] = [.. group];
        }

        // What replaces a value must not make another one together with what stands around it.
        _brackets = Brackets.FirstOrDefault(pair => !forms.Exists(form => form.Bytes.Contains((byte)pair[0]) || form.Bytes.Contains((byte)pair[1])))
            ?? throw new ArgumentException("these values hold every bracket and a byte 0: no text can stand for them", nameof(forms));
    }

    private sealed record Form(string Name, byte[] Bytes);

    /// <summary>A search for nothing.</summary>
    public static ValueSearch None { get; } = new([]);

    /// <summary>Whether nothing is searched for.</summary>
    public bool IsEmpty => Window == 0;

    /// <summary>How many bytes are looked at together: no form is shorter.</summary>
    internal int Window { get; }

    /// <summary>Draws up a search.</summary>
    /// <param name="values">What is searched for; none may be shorter than <see cref="WithheldValue.Shortest"/>.</param>
    /// <returns>The search, which many threads may use.</returns>
    public static ValueSearch Of(IEnumerable<WithheldValue> values)
    {
        var forms = new Dictionary<string, Form>(StringComparer.Ordinal);
        foreach (var value in values.OrderBy(value => value.Name, StringComparer.Ordinal))
        {
            if (value.Bytes.Length < WithheldValue.Shortest)
            {
                throw new ArgumentException($"the value of {value.Name} is too short to be searched for", nameof(values));
            }

            foreach (var bytes in ValueEncodings.Of(value.Bytes).Where(bytes => bytes.Length >= WithheldValue.Shortest))
            {
                forms.TryAdd(Convert.ToBase64String(bytes), new Form(value.Name, bytes));
            }
        }

        return new ValueSearch([.. forms.Values]);
    }

    /// <summary>What stands in a value's place.</summary>
    /// <param name="name">The value's name.</param>
    /// <returns>Printable text.</returns>
    public string Mark(string name) => $"{_brackets[0]}withheld:{PlainText.Visible(name, 200)}{_brackets[1]}";

    /// <summary>The name of the first value in a text.</summary>
    /// <param name="text">Any bytes.</param>
    /// <returns>The name, or null where there is no value.</returns>
    public string? FirstIn(ReadOnlySpan<byte> text)
    {
        for (var at = Next(text, 0); at <= text.Length - Window && !IsEmpty; at = Next(text, at + 1))
        {
            if (At(text, at, isWhole: true) is { Length: > 0 } match)
            {
                return match.Name;
            }
        }

        return null;
    }

    /// <summary>The names of all values in a text.</summary>
    /// <param name="text">Any bytes.</param>
    /// <returns>Names, by the place of the first; where several values begin at one place, all of them.</returns>
    public ImmutableArray<string> NamesIn(ReadOnlySpan<byte> text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = Next(text, 0); at <= text.Length - Window && !IsEmpty; at = Next(text, at + 1))
        {
            if (_forms.TryGetValue(BlockAt(text, at + Window - 1), out var forms))
            {
                foreach (var form in forms)
                {
                    if (text[at..].StartsWith(form.Bytes))
                    {
                        names.Add(form.Name);
                    }
                }
            }
        }

        return [.. names];
    }

    /// <summary>Puts marks in the place of the values in a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The same text where it holds no value.</returns>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsEmpty)
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return FirstIn(bytes) is null ? text : Encoding.UTF8.GetString(Redactor.Whole(this, bytes));
    }

    /// <summary>Puts marks in the place of the values in bytes.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The same bytes where they hold no value.</returns>
    public ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> bytes) => IsEmpty || FirstIn(bytes) is null ? bytes : Redactor.Whole(this, bytes);

    /// <summary>The next place at which a form may begin.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The first place in question.</param>
    /// <returns>The place; beyond the last whole window where there is none.</returns>
    internal int Next(ReadOnlySpan<byte> text, int from)
    {
        var end = from + Window - 1;
        while (end < text.Length && !IsEmpty)
        {
            var shift = _shifts[text[end - 1] | (text[end] << 8)];
            if (shift == 0)
            {
                return end - Window + 1;
            }

            end += shift;
        }

        return Math.Max(from, text.Length - Window + 1);
    }

    /// <summary>The longest form that begins at a place.</summary>
    /// <param name="text">The text, with a whole window from the place on.</param>
    /// <param name="at">The place.</param>
    /// <param name="isWhole">Whether nothing follows the text.</param>
    /// <returns>Its name and length; length 0 where none begins there, -1 where that depends on what follows.</returns>
    internal (string Name, int Length) At(ReadOnlySpan<byte> text, int at, bool isWhole)
    {
        var found = (Name: "", Length: 0);
        if (!_forms.TryGetValue(BlockAt(text, at + Window - 1), out var forms))
        {
            return found;
        }

        foreach (var form in forms)
        {
            var there = text.Slice(at, Math.Min(form.Bytes.Length, text.Length - at));
            if (!form.Bytes.AsSpan(0, there.Length).SequenceEqual(there))
            {
                continue;
            }

            if (there.Length < form.Bytes.Length)
            {
                if (!isWhole)
                {
                    return ("", -1);
                }
            }
            else if (form.Bytes.Length > found.Length)
            {
                found = (form.Name, form.Bytes.Length);
            }
        }

        return found;
    }

    /// <summary>The first place from which on the rest of a text may be the beginning of a form.</summary>
    /// <param name="text">The text, whose rest is shorter than any form.</param>
    /// <param name="from">The first place in question.</param>
    /// <returns>The place; the text's end where there is none.</returns>
    internal int Open(ReadOnlySpan<byte> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            foreach (var form in _begins[text[at]] ?? [])
            {
                if (form.Bytes.AsSpan().StartsWith(text[at..]))
                {
                    return at;
                }
            }
        }

        return text.Length;
    }

    private static int BlockAt(ReadOnlySpan<byte> bytes, int end) => bytes[end - 1] | (bytes[end] << 8);
}
