using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Security.Cryptography;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Carries the body of one answer to the backend, piece by piece: whoever reads slowly slows the provider down.</summary>
/// <param name="output">Takes the body.</param>
/// <param name="reader">Reads along; null where the answer is an error.</param>
/// <param name="record">Keeps what passes.</param>
/// <param name="room">Memory that all calls share.</param>
/// <param name="sweeper">Hears of each byte that passed.</param>
/// <param name="key">Searches for the provider's key.</param>
/// <param name="most">The most bytes that pass.</param>
/// <param name="began">When the call began.</param>
internal sealed class Relay(PipeWriter output, AnswerReader? reader, TrafficRecord record, ByteRoom room, Sweeper sweeper, ValueSearch key, long most, long began) : IDisposable
{
    private const int PieceBytes = 16 << 10;
    private readonly Redactor _redactor = new(key);
    private readonly ArrayBufferWriter<byte> _decided = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private long _received;
    private long _passed;
    private long? _firstMs;
    private int _roomTaken;

    /// <summary>Whether a stream said that it is over.</summary>
    internal bool IsOver => reader?.IsOver == true;

    /// <summary>Whether the provider's body came to its end.</summary>
    internal bool IsWhole { get; private set; }

    /// <summary>Carries the body to its end.</summary>
    /// <param name="source">The provider's body.</param>
    /// <param name="wait">Called with true before the provider is waited for, and with false afterwards; gives what ends the wait.</param>
    /// <param name="gone">Cancelled when nobody waits for the answer.</param>
    /// <returns>What is wrong with the answer; null where nothing is.</returns>
    internal async Task<Fault?> Run(Stream source, Func<bool, CancellationToken> wait, CancellationToken gone)
    {
        while (true)
        {
            var read = await source.ReadAsync(_piece.AsMemory(0, PieceBytes), wait(true));
            wait(false);
            if (read == 0)
            {
                IsWhole = true;
                reader?.End(isWhole: true);
                return Wrong();
            }

            _firstMs ??= (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if ((_received += read) > most)
            {
                return new Fault(ProviderTrouble.Endless, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the answer did not end within {most} bytes"));
            }

            Follow(_piece.AsSpan(0, read));
            if (Wrong() is { Trouble: ProviderTrouble.Malformed } fault)
            {
                return fault;
            }

            _redactor.Take(_piece.AsSpan(0, read), _decided);
            await Write(gone);
        }
    }

    /// <summary>Passes on what was held back.</summary>
    internal async Task End(CancellationToken gone)
    {
        _redactor.End(_decided);
        await Write(gone);
    }

    /// <summary>What the end of a connection means for the answer.</summary>
    internal Fault Broken(Fault seen)
    {
        reader?.End(isWhole: false);
        return Wrong() is { Trouble: ProviderTrouble.Overloaded } told ? told : seen;
    }

    /// <summary>Adds to a call what passed.</summary>
    internal ModelCall Note(ModelCall call) => call with
    {
        Response = _passed > 0 ? Digest.FromHash(_hash.GetHashAndReset()) : null,
        ResponseBytes = _passed,
        FirstTokenMs = _firstMs,
        InputTokens = reader?.InputTokens,
        OutputTokens = reader?.OutputTokens,
        FinishReasons = reader?.FinishReasons ?? [],
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        room.Give(_roomTaken);
        _roomTaken = 0;
        ArrayPool<byte>.Shared.Return(_piece);
        _hash.Dispose();
    }

    // What is read along is held in memory; where there is none left, nothing is known of the answer.
    private void Follow(ReadOnlySpan<byte> piece)
    {
        if (reader is null)
        {
            return;
        }

        reader.Take(piece);
        if (reader.HeldBytes > _roomTaken && !room.TryTake(reader.HeldBytes - _roomTaken))
        {
            reader.GiveUp();
        }
        else
        {
            if (reader.HeldBytes < _roomTaken)
            {
                room.Give(_roomTaken - reader.HeldBytes);
            }

            _roomTaken = reader.HeldBytes;
        }
    }

    private Fault? Wrong() => reader is { Trouble: not ProviderTrouble.None } ? new Fault(reader.Trouble, reader.Detail) : null;

    private async Task Write(CancellationToken gone)
    {
        if (_decided.WrittenCount == 0)
        {
            return;
        }

        _hash.AppendData(_decided.WrittenSpan);
        record.Response(_decided.WrittenSpan);
        await output.WriteAsync(_decided.WrittenMemory, gone);
        _passed += _decided.WrittenCount;
        sweeper.Passed(_decided.WrittenCount);
        _decided.ResetWrittenCount();
        gone.ThrowIfCancellationRequested();
    }
}
