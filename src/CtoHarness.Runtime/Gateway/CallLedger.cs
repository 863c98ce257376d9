using System.Diagnostics;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Numbers calls, keeps the budget, and tells of each call that ended.</summary>
/// <param name="limits">The budget.</param>
/// <param name="called">Hears of each listed call, one after the other.</param>
internal sealed class CallLedger(GatewayLimits limits, Action<ModelCall> called)
{
    /// <summary>So many calls are under way at the provider at once.</summary>
    internal const int MostAtOnce = 128;

    private readonly object _gate = new();
    private readonly List<ModelCall> _ended = [];
    private readonly Dictionary<CallRefusal, int> _listed = [];
    private long _begun;
    private long _underWay;
    private int _passing;
    private long _forwarded;
    private long _tokens;
    private long _notListed;
    private bool _isClosed;
    private string _trouble = "";

    /// <summary>Gives the next call its number. It must end.</summary>
    internal long Begin()
    {
        lock (_gate)
        {
            _underWay++;
            return ++_begun;
        }
    }

    /// <summary>Asks to pass a call on.</summary>
    /// <param name="tokens">How many tokens its request has, as far as anybody can tell before the provider counts them.</param>
    /// <returns>None, or why it is not passed on.</returns>
    internal CallRefusal TryForward(long tokens)
    {
        lock (_gate)
        {
            var refusal = _forwarded >= limits.Calls || _tokens >= limits.Tokens ? CallRefusal.Budget : _passing >= MostAtOnce ? CallRefusal.Busy : CallRefusal.None;
            if (refusal == CallRefusal.None)
            {
                (_forwarded, _passing, _tokens) = (_forwarded + 1, _passing + 1, Sum(_tokens, tokens));
            }

            return refusal;
        }
    }

    /// <summary>Says what a call that was passed on has cost.</summary>
    /// <param name="expected">What was said before.</param>
    /// <param name="tokens">What it was.</param>
    internal void Passed(long expected, long tokens)
    {
        lock (_gate)
        {
            (_passing, _tokens) = (_passing - 1, Sum(_tokens - expected, tokens));
        }
    }

    /// <summary>Ends a call.</summary>
    internal void End(ModelCall call)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                List(call);
            }

            _underWay--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Notes what went wrong in the gateway itself; the first of it stays.</summary>
    internal void Fail(string trouble)
    {
        lock (_gate)
        {
            _trouble = _trouble.Length > 0 ? _trouble : CallText.Detail(trouble);
        }
    }

    /// <summary>Waits until no call is under way, and closes the list.</summary>
    internal ModelTraffic Close(TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (_underWay > 0 && patience - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
            {
                Monitor.Wait(_gate, left);
            }

            _isClosed = true;
            if (_underWay > 0 && _trouble.Length == 0)
            {
                _trouble = string.Create(CultureInfo.InvariantCulture, $"{_underWay} calls did not end in time");
            }

            return new ModelTraffic([.. _ended], _notListed, _trouble);
        }
    }

    private void List(ModelCall call)
    {
        if (!call.IsForwarded && !HasRoom(call.Refusal))
        {
            _notListed++;
            return;
        }

        _ended.Add(call);
        try
        {
            called(call);
        }
#pragma warning disable CA1031 // whoever listens writes to a disk; the summary says that it failed, and calls go on ending
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _trouble = _trouble.Length > 0 ? _trouble : CallText.Detail($"a call could not be told of: {fault.Message}");
        }
    }

    // Room for each reason of its own: what decides nothing, however much of it there is, must not hide what does.
    private bool HasRoom(CallRefusal why)
    {
        var listed = _listed.GetValueOrDefault(why);
        _listed[why] = Math.Min(listed + 1, ModelTraffic.MostRefusedListed);
        return listed < ModelTraffic.MostRefusedListed;
    }

    private static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
