using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>A backend that calls a model has one way out, and no other; and whatever ends the run meanwhile, a bundle tells of it.</summary>
[Trait("Mission", "M11")]
public sealed class OneWayOutTests
{
    private const string Tries = """
        import socket
        for where in (("127.0.0.1", PORT), ("1.1.1.1", 443), ("192.0.2.1", 53)):
            try:
                socket.create_connection(where, timeout=2).close()
                print("CAME THROUGH", where)
            except OSError as refused:
                print("refused", where, refused.errno)
        print("names", [any_address(name) for name in ("example.com", "one.one.one.one")], flush=True)
        out.write(b"{\"type\":\"done\"}\n")
        """;

    [Fact]
    public void Its_provider_and_the_world_are_out_of_reach_but_by_the_gateway()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(_ => Turns.Say("hello"));
        const string Resolves = "def any_address(name):\n    import socket\n    try:\n        return socket.getaddrinfo(name, 443)\n    except OSError:\n        return []\n";
        var bundle = Talker.Run(root, provider.Url, Resolves + Tries.Replace("PORT", $"{provider.Port}", StringComparison.Ordinal)).Run().Came("fail", "backend", "no-diff");
        var said = bundle.Text("backend/stdout.log");
        Assert.DoesNotContain("CAME THROUGH", said, StringComparison.Ordinal);
        Assert.Equal(3, said.Split("refused (").Length - 1);
        Assert.Contains("names [[], []]", said, StringComparison.Ordinal);
        Assert.Equal(1, provider.Calls); // control: by the gateway it was asked
    }

    [Fact]
    [Trait("Mission", "M18")]
    public void A_run_that_is_killed_while_its_model_is_asked_is_closed_afterwards()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(conversation => conversation.Text.Contains("wait", StringComparison.Ordinal) ? Turns.Hang() : Turns.Say("hello"));
        using var running = Talker.Run(root, provider.Url, "ask(model, \"wait\")\n").Start();
        running.WaitFor("the second call", () => provider.Calls == 2);
        running.Signal("KILL");
        running.Wait().Expect(137);
        Repaired.AssertAll(root);
        var bundle = new Bundle(Assert.Single(Directory.GetDirectories(root.Runs)));
        Assert.Equal(("inconclusive", "interrupted"), (bundle.Status, bundle.Codes[0]));
        Assert.Single(bundle.EventNames, name => name == "model.called");
        Assert.Null(bundle.Report["model_traffic"]);
    }

    [Fact]
    [Trait("Mission", "M18")]
    public void A_run_that_is_interrupted_while_its_model_is_asked_says_so()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(conversation => conversation.Text.Contains("wait", StringComparison.Ordinal) ? Turns.Hang() : Turns.Say("hello"));
        using var running = Talker.Run(root, provider.Url, "ask(model, \"wait\")\n").Start();
        running.WaitFor("the second call", () => provider.Calls == 2);
        running.Signal("INT");
        var bundle = running.Wait().Expect(130).Bundle().AssertWhole();
        Assert.Equal(("inconclusive", "interrupted"), (bundle.Status, bundle.Codes[0]));
        Assert.Equal(2, bundle.Report["model_traffic"]!["calls"]!.GetValue<long>());
    }
}
