using System.Text.Json.Nodes;
using CtoHarness.Core.Events;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>What the gateway saw and the backend claimed, changed by the holder of the key: the rest of the evidence contradicts it.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class TamperedTrafficTests(Made made)
{
    private static readonly Dictionary<string, Action<Forger>> OfRecords = new()
    {
        ["a call is gone"] = forger => forger.Chain(events => events.Remove(events.First(one => Name(one) == EventNames.ModelCalled))),
        ["a call stands twice"] = forger => forger.Chain(events => events.Insert(events.FindIndex(one => Name(one) == EventNames.ModelCalled), events.First(one => Name(one) == EventNames.ModelCalled).DeepClone())),
        ["fewer calls are counted"] = forger => forger.Event(EventNames.GatewayClosed, data => data["listed"] = 0),
        ["the end of the gateway says more"] = forger => forger.Event(EventNames.GatewayClosed, data => data["praise"] = 1),
        ["a call has another word"] = forger => forger.Event(EventNames.ModelCalled, data => data["trouble"] = "none"),
        ["a call has an unknown field"] = forger => forger.Event(EventNames.ModelCalled, data => data["admitted"] = true),
        ["fewer lines were unrecognised"] = forger => forger.Event(EventNames.BackendClaimed, data => (data["unrecognised"], data["lines"]) = (0, 2)),
        ["a record more was claimed"] = forger => forger.Event(EventNames.BackendClaimed, data => (data["records"]!["more"], data["lines"]) = (1, 4)),
    };

    private static readonly Dictionary<string, Action<Forger>> OfAgreement = new()
    {
        ["the end of the gateway is not told"] = forger => forger.Chain(events => events.RemoveAll(one => Name(one) == EventNames.GatewayClosed)),
        ["nothing of the gateway is told"] = forger => forger.Chain(events => events.RemoveAll(one => Name(one) is EventNames.GatewayClosed or EventNames.ModelCalled)),
        ["no claim is told"] = forger => forger.Chain(events => events.RemoveAll(one => Name(one) == EventNames.BackendClaimed)),
        ["the claims say more"] = forger => forger.Event(EventNames.BackendClaimed, data => data["praise"] = 1),
        ["a call was made after the backend had ended"] = forger => forger.Chain(events =>
        {
            var call = events.First(one => Name(one) == EventNames.ModelCalled);
            events.Remove(call);
            events.Insert(events.FindIndex(one => Name(one) == EventNames.BackendEnded) + 1, call);
        }),
        ["another backend: its own files are no part of the change"] = forger => forger.Event(EventNames.RunStarted, data => data["engine"]!["own_files"] = new JsonArray("strings.py")),
    };

    private static readonly Dictionary<string, Action<Forger>> OfFixture = new()
    {
        ["the contract allows more calls, and its digest says so"] = forger => forger.Document("contract.json", contract => contract["gateway"]!["calls"] = 9999).Cite("contract.json"),
        ["the contract allows another model more often, and its digest says so"] = forger => forger.Document("contract.json", contract => contract["gateway"]!["refused_models"] = 100).Cite("contract.json"),
        ["the contract says nothing of the gateway, and its digest says so"] = forger => forger.Document("contract.json", contract => contract.AsObject().Remove("gateway")).Cite("contract.json"),
    };

    private static readonly Dictionary<string, Action<Forger>> OfObservers = new()
    {
        ["the harness saw the calls"] = forger => forger.Chain(events => events.First(one => Name(one) == EventNames.ModelCalled)["observer"] = "harness"),
        ["the gateway saw the claims"] = forger => forger.Chain(events => events.First(one => Name(one) == EventNames.BackendClaimed)["observer"] = "gateway"),
        ["the gateway saw the tests"] = forger => forger.Chain(events => events.First(one => Name(one) == EventNames.VerificationCompleted)["observer"] = "gateway"),
    };

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var (check, lies) in new[] { ("records", OfRecords), ("agreement", OfAgreement), ("fixture", OfFixture), ("observers", OfObservers) })
            {
                lies.Keys.ToList().ForEach(lie => names.Add(check, lie));
            }

            return names;
        }
    }

    [Fact]
    public void Control_unchanged_and_sealed_again_it_is_accepted()
    {
        var review = new Forger(made.Called).Followed().Sealed().Review();
        Assert.True(review.IsAccepted, $"{review.Refusal}");
        Assert.Equal(2, review.Subject!.Evidence.Traffic!.Calls.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_lie_is_refused(string check, string lie)
    {
        var change = new[] { OfRecords, OfAgreement, OfFixture, OfObservers }.Select(table => table.GetValueOrDefault(lie)).First(one => one is not null)!;
        new Lie(check, change, one => one.Called).AssertRefused(made);
    }

    private static string Name(JsonNode one) => one["event"]!.GetValue<string>();
}
