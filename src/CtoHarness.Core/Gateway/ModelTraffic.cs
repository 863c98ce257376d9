using System.Collections.Immutable;

namespace CtoHarness.Core.Gateway;

/// <summary>All calls of a model in one run, as the gateway saw them.</summary>
/// <param name="Calls">Each call that is listed, in the order in which they ended.</param>
/// <param name="NotListed">Calls that were refused and only counted, because so many were before for the same reason.</param>
/// <param name="Trouble">What went wrong in the gateway itself; empty where nothing did.</param>
public sealed record ModelTraffic(ImmutableArray<ModelCall> Calls, long NotListed, string Trouble)
{
    /// <summary>How many calls that were refused for one reason are listed; of more only the number is kept.</summary>
    public const int MostRefusedListed = 100;

    /// <summary>The lowest HTTP status by which a provider says that it does not accept a call.</summary>
    public const int FirstError = 400;

    /// <summary>Calls that were passed on.</summary>
    public long Forwarded => Calls.LongCount(call => call.IsForwarded);

    /// <summary>Calls that were not.</summary>
    public long Refused => Capped(Calls.LongCount(call => !call.IsForwarded), NotListed);

    /// <summary>Tokens of all requests, as far as the provider counted them.</summary>
    public long InputTokens => Sum(call => call.InputTokens);

    /// <summary>Tokens of all answers, as far as the provider counted them.</summary>
    public long OutputTokens => Sum(call => call.OutputTokens);

    /// <summary>Tokens of all requests and answers, as far as the provider counted them.</summary>
    public long Tokens => Capped(InputTokens, OutputTokens);

    /// <summary>How many bytes of answers were passed on.</summary>
    public long ResponseBytes => Sum(call => call.ResponseBytes);

    /// <summary>Whether the run's nonce was in a call that was passed on; null where no call was.</summary>
    public bool? NonceSeen => Forwarded == 0 ? null : Calls.Any(call => call.IsForwarded && call.HasNonce);

    /// <summary>The provider's trouble that no later call got over: the last call whose end is known ended in it; null where that is not so.</summary>
    public ModelCall? Unrecovered =>
        Calls.LastOrDefault(call => call is { IsForwarded: true, IsAbandoned: false }) is { Trouble: not ProviderTrouble.None } last ? last : null;

    /// <summary>The last call, where the provider accepted none: from outside nobody can tell whether it or the backend is to blame; null where it accepted one, or there was none.</summary>
    public ModelCall? NoneAccepted
    {
        get
        {
            var known = Calls.Where(call => call is { IsForwarded: true, IsAbandoned: false }).ToList();
            return known.Count > 0 && known.TrueForAll(call => call.Trouble != ProviderTrouble.None || call.Status >= FirstError) ? known[^1] : null;
        }
    }

    /// <summary>The most calls that can have been refused for a reason: where so many are listed that there was no room for more, those that are not may all be of it.</summary>
    /// <param name="why">The reason.</param>
    /// <returns>The number of those listed, or that and all that are not listed.</returns>
    public long MostRefusedFor(CallRefusal why) =>
        Calls.LongCount(call => call.Refusal == why) is var listed && listed < MostRefusedListed ? listed : Capped(listed, NotListed);

    // A bundle may say anything: what is beyond the largest number stays there.
    private long Sum(Func<ModelCall, long?> of) =>
        Calls.Aggregate(0L, (sum, call) => Capped(sum, of(call) ?? 0));

    private static long Capped(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
