namespace CtoHarness.Runtime.Processes;

/// <summary>Takes a program's stream: keeps what is within the limit, counts all of it.</summary>
internal sealed class ByteSink(Stream kept, long limit)
{
    private readonly Lock _gate = new();

    /// <summary>How much came.</summary>
    internal long Total { get; private set; }

    /// <summary>How much of it is beyond the limit and was not kept.</summary>
    internal long Cut { get; private set; }

    /// <summary>Sees every byte, also what is not kept, in the order in which it comes; it must not throw.</summary>
    internal Action<ReadOnlySpan<byte>>? Seen { get; init; }

    /// <summary>The error that ended the keeping, where one did; the stream is drained all the same.</summary>
    internal IOException? Fault { get; private set; }

    internal static ByteSink Nowhere() => new(Stream.Null, 0);

    /// <summary>Reads a stream to its end.</summary>
    internal void Drain(Stream from)
    {
        var buffer = new byte[65536];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            Take(buffer.AsSpan(0, read));
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        // Two streams may share one sink, so that their lines stay in order.
        lock (_gate)
        {
            var room = (int)Math.Min(bytes.Length, Math.Max(0, limit - Total));
            Total += bytes.Length;
            Cut += bytes.Length - room;
            Seen?.Invoke(bytes);
            try
            {
                kept.Write(bytes[..room]);
            }
            catch (IOException fault)
            {
                // A full disk must not make the program wait on a full pipe.
                Fault ??= fault;
            }
        }
    }
}
