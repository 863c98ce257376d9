using System.Collections.Immutable;

namespace CtoHarness.Core.Gateway;

/// <summary>Reads along while an answer is passed on: what it says of itself, and whether it is whole. How it is cut into pieces makes no difference.</summary>
/// <param name="isStream">Whether it is a stream of events; else one JSON object.</param>
public sealed class AnswerReader(bool isStream)
{
    /// <summary>The longest line of a stream, in bytes; what is longer is no event of a model.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>The longest JSON object that is read, in bytes; of a longer one nothing is known.</summary>
    public const int LongestBody = 4 << 20;

    private const int FirstBytes = 4096;
    private const byte LineFeed = (byte)'\n';
    private const byte Return = (byte)'\r';

    private byte[] _held = [];
    private int _length;
    private bool _isBlind;
    private bool _isAfterReturn;
    private bool _isBegun;

    /// <summary>Tokens of the request, as the provider counts them; null where it did not say.</summary>
    public long? InputTokens { get; private set; }

    /// <summary>Tokens of the answer, as the provider counts them; null where it did not say.</summary>
    public long? OutputTokens { get; private set; }

    /// <summary>Why the model stopped, in the provider's words; empty where it did not say.</summary>
    public ImmutableArray<string> FinishReasons { get; private set; } = [];

    /// <summary>What is wrong with it until now.</summary>
    public ProviderTrouble Trouble { get; private set; }

    /// <summary>What is wrong, in words; empty where nothing is.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Whether a stream said that it is over; what follows says nothing.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How many bytes it holds at the moment.</summary>
    public int HeldBytes => _held.Length;

    /// <summary>Takes the next piece.</summary>
    /// <param name="piece">Any bytes.</param>
    public void Take(ReadOnlySpan<byte> piece)
    {
        if (_isBlind || IsOver || Trouble != ProviderTrouble.None)
        {
            return;
        }

        if (!isStream)
        {
            Hold(piece, LongestBody);
            return;
        }

        while (!piece.IsEmpty && !IsOver && Trouble == ProviderTrouble.None)
        {
            if (_isAfterReturn && piece[0] == LineFeed)
            {
                piece = piece[1..];
            }

            _isAfterReturn = false;
            var end = piece.IndexOfAny(LineFeed, Return);
            Hold(end < 0 ? piece : piece[..end], LongestLine);
            if (end < 0 || Trouble != ProviderTrouble.None)
            {
                return;
            }

            _isAfterReturn = piece[end] == Return;
            EndLine();
            piece = piece[(end + 1)..];
        }
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="isWhole">Whether the connection says that nothing is missing.</param>
    public void End(bool isWhole)
    {
        if (IsOver || Trouble != ProviderTrouble.None)
        {
            return;
        }

        if (!isWhole)
        {
            Blame(ProviderTrouble.CutOff, "the connection ended within the answer");
        }
        else if (!_isBlind && !isStream)
        {
            EndBody();
        }
        else if (!_isBlind)
        {
            EndLine(); // the last line may lack its end
            if (FinishReasons.IsEmpty && !IsOver && Trouble == ProviderTrouble.None)
            {
                Blame(ProviderTrouble.CutOff, "the stream ended without an end");
            }
        }
    }

    /// <summary>Lets go of what is held, and reads no further: of such an answer only its passing is known.</summary>
    public void GiveUp()
    {
        _isBlind = true;
        (_held, _length) = ([], 0);
    }

    private void Hold(ReadOnlySpan<byte> piece, int most)
    {
        if (_length + piece.Length > most)
        {
            if (isStream)
            {
                Blame(ProviderTrouble.Malformed, "a line of the stream is too long");
            }

            GiveUp();
            return;
        }

        if (_held.Length < _length + piece.Length)
        {
            Array.Resize(ref _held, Math.Min(most, Math.Max(FirstBytes, Math.Max(_length + piece.Length, 2 * _held.Length))));
        }

        piece.CopyTo(_held.AsSpan(_length));
        _length += piece.Length;
    }

    private void EndBody()
    {
        if (!AnswerPart.TryRead(_held.AsSpan(0, _length), out var part))
        {
            Blame(ProviderTrouble.Malformed, "the answer is no JSON object");
        }
        else if (part is null)
        {
            Blame(ProviderTrouble.CutOff, "the answer ended within its JSON object");
        }
        else
        {
            Note(part);
        }

        GiveUp();
    }

    private void EndLine()
    {
        var line = _held.AsSpan(0, _length);
        _length = 0;
        if (!_isBegun)
        {
            _isBegun = true;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        if (line.IsEmpty || line[0] == (byte)':')
        {
            return;
        }

        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        if (name.IndexOfAnyExceptInRange((byte)'a', (byte)'z') >= 0)
        {
            Blame(ProviderTrouble.Malformed, "a line of the stream is no field of an event");
        }
        else if (name.SequenceEqual("data"u8))
        {
            EndEvent(colon < 0 ? [] : line[(colon + 1)..].Trim((byte)' '));
        }
    }

    private void EndEvent(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            IsOver = true;
            GiveUp();
        }
        else if (!data.IsEmpty && AnswerPart.TryRead(data, out var part) && part is not null)
        {
            Note(part);
        }
        else
        {
            Blame(ProviderTrouble.Malformed, "an event of the stream is no JSON object");
        }
    }

    private void Note(AnswerPart part)
    {
        InputTokens = part.InputTokens ?? InputTokens;
        OutputTokens = part.OutputTokens ?? OutputTokens;
        FinishReasons = part.Finish.IsEmpty ? FinishReasons : part.Finish;
        if (part.IsError)
        {
            Blame(ProviderTrouble.Overloaded, "the answer tells of an error");
        }
    }

    private void Blame(ProviderTrouble trouble, string detail) => (Trouble, Detail) = (trouble, detail);
}
