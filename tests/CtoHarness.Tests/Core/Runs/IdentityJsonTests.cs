using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Core.Runs;

[Trait("Mission", "M18")]
public sealed class IdentityJsonTests
{
    private static readonly string[] MayBeNull = ["model", "model_provider", "harness_commit", "harness_worktree_clean", "provider"];

    public static TheoryData<string> OfIdentities => ["fake", "case", "closed", "bare", "whole"];

    [Theory]
    [MemberData(nameof(OfIdentities))]
    public void What_was_written_is_read_again_whole(string name)
    {
        var identity = Named(name);
        var again = Read(Bytes(identity), identity.Run)!;
        Assert.Equal(Encoding.UTF8.GetString(Bytes(identity)), Encoding.UTF8.GetString(Bytes(again)));
        Assert.Equal(identity.Gates.ToArray(), again.Gates.ToArray());
        Assert.Equal(identity.ProtectedRoots.ToArray(), again.ProtectedRoots.ToArray());
        Assert.Equal(identity.Engine.RequiredRecords.ToArray(), again.Engine.RequiredRecords.ToArray());
        Assert.Equal(identity.Withheld.ToArray(), again.Withheld.ToArray());
        Assert.Equal(identity.Engine.OwnFiles.Select(one => one.Text), again.Engine.OwnFiles.Select(one => one.Text));
        Assert.Equal(Flat(identity), Flat(again));
    }

    [Fact]
    public void Without_any_one_of_its_fields_nobody_knows_whose_run_it_was()
    {
        var identity = Named("case");
        var names = JsonNode.Parse(Bytes(identity))!.AsObject().Select(field => field.Key).Except(MayBeNull).ToList();
        Assert.True(names.Count > 15);
        Assert.All(names, name =>
        {
            var json = JsonNode.Parse(Bytes(identity))!.AsObject();
            json.Remove(name);
            Assert.Null(Read(Encoding.UTF8.GetBytes(json.ToJsonString()), identity.Run));
            json[name] = new JsonArray(new JsonObject { [name] = 5 });
            Assert.Null(Read(Encoding.UTF8.GetBytes(json.ToJsonString()), identity.Run));
        });
    }

    [Theory]
    [InlineData("nonce", "short")]
    [InlineData("nonce_from", "backend")]
    [InlineData("task_id", "../x")]
    [InlineData("backend", "A B")]
    [InlineData("run_artifact_dir", "relative")]
    [InlineData("policy", "md5:00")]
    [InlineData("harness_commit", "HEAD")]
    [InlineData("started_at", "today")]
    [InlineData("model_admission_status", "yes")]
    [InlineData("boot_id", "")]
    public void A_field_of_another_form_is_as_good_as_none(string name, string value)
    {
        var json = JsonNode.Parse(Bytes(Named("case")))!.AsObject();
        json[name] = value;
        Assert.Null(Read(Encoding.UTF8.GetBytes(json.ToJsonString()), Named("case").Run));
    }

    [Theory]
    [InlineData("stand_in", "false")]
    [InlineData("wire", "\"\"")]
    [InlineData("wire", "1")]
    [InlineData("output", "\"xml\"")]
    [InlineData("output", "null")]
    [InlineData("output_file", "[]")]
    [InlineData("own_files", "[]")]
    [InlineData("own_files", "[\"../x\"]")]
    [InlineData("own_files", "\"x\"")]
    [InlineData("manifest", "\"md5:00\"")]
    [InlineData("manifest", "null")]
    public void A_field_that_an_engine_need_not_have_has_the_right_form_or_is_not_there(string name, string value)
    {
        var json = JsonNode.Parse(Bytes(Named("whole")))!.AsObject();
        Assert.NotNull(json["engine"]![name]);
        json["engine"]![name] = JsonNode.Parse(value);
        Assert.Null(Read(Encoding.UTF8.GetBytes(json.ToJsonString()), Named("whole").Run));
        json["engine"]!.AsObject().Remove(name);
        Assert.NotNull(Read(Encoding.UTF8.GetBytes(json.ToJsonString()), Named("whole").Run));
    }

    [Fact]
    public void What_an_engine_does_not_have_is_left_out()
    {
        var engine = JsonNode.Parse(Bytes(Named("fake")))!["engine"]!.AsObject();
        Assert.All(["stand_in", "wire", "output", "output_file", "own_files", "manifest"], name => Assert.False(engine.ContainsKey(name)));
    }

    [Fact]
    public void A_wrong_value_of_a_gate_is_cut_and_stays_wrong()
    {
        var identity = Named("case") with { Gates = [new GateState("CTO_HARNESS_ALLOW_CASE", "1", "1" + new string('1', 100_000))] };
        Assert.True(Bytes(identity).Length < 5000);
        Assert.False(Assert.Single(Read(Bytes(identity), identity.Run)!.Gates).Open);
    }

    [Fact]
    public void Reading_ends_whatever_the_bytes_are()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ",", ":", "\"\\ud800\"", "\"engine\":", "\"gates\":", "\"protected_roots\":", "\"stage\":", "\"nonce\":", "\"harness\":", "null", "true", "1e999", "-1",
            "\"" + new string('a', 64) + "\"", "{\"name\":\"x\",\"required\":\"1\"}", "\"task_id\":\"x\"", "\u0000", " ",
        ];
        var run = Named("fake").Run;
        Law.Ends(Some.Bytes, bytes => Read(bytes, run));
        Law.Ends(Some.Glued(pieces), bytes => Read(bytes, run), tries: 2000);
        var whole = Bytes(Named("case"));
        Law.Ends(FsCheck.Fluent.Gen.Choose(0, whole.Length - 1), at =>
        {
            var changed = whole.ToArray();
            changed[at] ^= 0x15;
            Read(changed, run);
            Read(whole[..at], run);
        });
    }

    private static RunIdentity Named(string name) => name switch
    {
        "fake" => Sample.FakeRun.Identity,
        "case" => Sample.CaseRun.Identity,
        "closed" => Sample.BlockedCaseRun.Identity,
        "whole" => Sample.CaseRun.Identity with
        {
            Engine = Sample.Case with
            {
                IsDeclaredStandIn = true,
                ProviderWire = "openai-chat-completions",
                Output = OutputWire.Case,
                OutputFile = ".case/${task}/events/*.jsonl",
                OwnFiles = [Sample.Pattern(".case/**"), Sample.Pattern("a")],
                TextDigest = Digest.Of("manifest"u8),
            },
        },
        _ => Sample.FakeRun.Identity with
        {
            Harness = new HarnessIdentity("0.1.0", Digest.Zero, null, null),
            ProtectedRoots = [],
            RuntimeRoot = "/späße/\u202e \"x\"\n",
        },
    };

    private static byte[] Bytes(RunIdentity identity) => JsonText.Line(json =>
    {
        json.WriteStartObject();
        IdentityJson.Write(json, identity);
        json.WriteEndObject();
    });

    private static RunIdentity? Read(byte[] bytes, RunId run) => JsonFields.TryParse(bytes) is { } json ? IdentityJson.TryRead(json, run) : null;

    private static RunIdentity Flat(RunIdentity identity) => identity with
    {
        Gates = [],
        ProtectedRoots = [],
        Withheld = [],
        Engine = identity.Engine with { RequiredRecords = [], OwnFiles = [] },
        Started = identity.Started with { Wall = DateTimeOffset.FromUnixTimeMilliseconds(identity.Started.Wall.ToUnixTimeMilliseconds()) },
    };
}
