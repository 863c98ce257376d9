using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Processes;

namespace CtoHarness.Runtime.Verification;

/// <summary>Puts one case after the other to a driver. The next request is sent only after the answer; the first line that is not that answer ends it.</summary>
internal sealed class Conversation : ITalk, IDisposable
{
    private const int MostPending = 16;
    private const int Envelope = 1024; // what a line has besides its value
    internal const long MostBytes = 4 << 20; // of all answers together: whoever checks the bundle must be able to read them
    internal const int LongerWritten = 6; // so many times as long they become when they are written down: a '<' is \u003C
    private const long MostMarks = 300_000; // every value in a list or map needs one of , : [ {
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterTheLast = TimeSpan.FromSeconds(2);

    private readonly ImmutableArray<VerificationCase> _cases;
    private readonly CaseLimits _limits;
    private readonly Answer?[] _answers;
    private readonly BlockingCollection<byte[]?> _lines = [];
    private readonly ManualResetEvent _over = new(false);
    private readonly Timer _patience;
    private long _bytes;
    private long _marks;

    internal Conversation(ImmutableArray<VerificationCase> cases, CaseLimits limits)
    {
        _cases = cases;
        _limits = limits;
        _answers = new Answer?[cases.Length];
        _patience = new Timer(_ => _over.Set());
    }

    /// <summary>How long it can take where every case takes its whole time: the limit of one answer always comes first.</summary>
    internal static TimeSpan AtMost(int cases, CaseLimits limits) => Start + TimeSpan.FromSeconds(cases * limits.Seconds) + AfterTheLast + AfterTheLast;

    /// <summary>The answers so far.</summary>
    internal ImmutableArray<Answer?> Answers => [.. _answers];

    /// <summary>Whether the driver came up, before any code under test was touched.</summary>
    internal bool WasReady { get; private set; }

    /// <summary>Why it ended early; empty where every case was answered.</summary>
    internal string Shortfall { get; private set; } = "";

    /// <inheritdoc/>
    public WaitHandle Over => _over;

    /// <inheritdoc/>
    public void Speak(Stream input)
    {
        try
        {
            Shortfall = Converse(input);
        }
        catch (IOException)
        {
            Shortfall = "the driver took no more requests before every case was put"; // its process is gone
        }
        finally
        {
            if (Shortfall.Length > 0)
            {
                _over.Set();
            }
            else
            {
                _patience.Change(AfterTheLast, Timeout.InfiniteTimeSpan); // it ends by itself at the end of its input, or is ended
            }
        }
    }

    /// <inheritdoc/>
    public void Listen(Stream output)
    {
        var line = new List<byte>();
        var buffer = new byte[16384];
        int read;
        while ((read = output.Read(buffer)) > 0)
        {
            var rest = buffer.AsSpan(0, read);
            for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                Keep(line, rest[..end]);
                Hand(line);
                rest = rest[(end + 1)..];
            }

            Keep(line, rest);
        }

        if (line.Count > 0)
        {
            Hand(line);
        }

        _lines.CompleteAdding();
    }

    /// <summary>What was said after the last answer, once the program has ended.</summary>
    internal string Afterwards() => Shortfall.Length == 0 && _lines.Count > 0 ? "it wrote lines that answer no request" : "";

    /// <inheritdoc/>
    public void Dispose()
    {
        _patience.Dispose();
        _over.Dispose();
        _lines.Dispose();
    }

    private string Converse(Stream input)
    {
        if (!_lines.TryTake(out var first, Start))
        {
            return _lines.IsCompleted ? "it ended before it was ready" : "it was not ready in time";
        }

        if (first is null || !DriverLine.IsReady(first))
        {
            return "the first that it wrote was not that it is ready";
        }

        WasReady = true;
        for (var number = 0; number < _cases.Length; number++)
        {
            if (_lines.Count > 0)
            {
                return Wrong(number, "it was answered before it was put");
            }

            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            input.Write(DriverLine.Request(token, _cases[number].Input));
            input.Flush();
            if (!_lines.TryTake(out var line, TimeSpan.FromSeconds(_limits.Seconds)))
            {
                return _lines.IsCompleted
                    ? Wrong(number, "the program ended without answering it")
                    : Wrong(number, string.Create(CultureInfo.InvariantCulture, $"it was not answered within {_limits.Seconds} seconds"));
            }

            _answers[number] = line is null ? null : DriverLine.TryRead(line, token);
            if (_answers[number] is null)
            {
                return Wrong(number, line is null ? "its answer is too long" : "what came back is no answer to it");
            }
        }

        return "";
    }

    private string Wrong(int number, string why) =>
        string.Create(CultureInfo.InvariantCulture, $"case {_cases[number].Name} ({number + 1} of {_cases.Length}): {why}");

    // Beyond the longest line only its excess is dropped, so that it is known to be too long.
    private void Keep(List<byte> line, ReadOnlySpan<byte> bytes)
    {
        var room = (int)Math.Min(bytes.Length, Math.Max(0, _limits.AnswerBytes + Envelope + 1 - line.Count));
        line.AddRange(bytes[..room]);
    }

    private void Hand(List<byte> line)
    {
        _bytes += line.Count;
        _marks += line.Count(b => b is (byte)',' or (byte)':' or (byte)'[' or (byte)'{');
        if (_lines.Count < MostPending)
        {
            _lines.Add(line.Count > _limits.AnswerBytes + Envelope || _bytes > MostBytes || _marks > MostMarks ? null : line.ToArray());
        }

        line.Clear();
    }
}
