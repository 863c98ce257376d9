using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The stand-in for Case keeps Case's contract: what it writes is what the real one wrote.</summary>
public sealed class StandInCaseTests
{
    public static TheoryData<string> Scenarios => [.. TranscriptScenarios.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void It_repeats_the_transcript_of_the_real_program(string name)
    {
        using var provider = new ScriptedProvider(TranscriptScenarios.All[name].Script);
        using var world = new CaseWorld(provider.Url);
        var (exit, output, error) = world.Run();
        Assert.Equal(0, exit);
        var written = CaseTranscript.Of(File.ReadAllText(Assert.Single(world.Logs)), output, error, File.ReadAllText(world.TaskFile), world.Workspace);
        var real = CaseTranscript.Real(name);
        Assert.Equal(real.Events, written.Events);
        Assert.Equal(real.Output, written.Output);
        Assert.Equal(real.Error, written.Error);
        Assert.Equal(real.TaskFile, written.TaskFile);
    }

    [Fact]
    public void Control_transcripts_of_two_scenarios_are_not_the_same() =>
        Assert.NotEqual(CaseTranscript.Real("ok").Events, CaseTranscript.Real("edit-disallowed").Events);

    [Fact]
    public void The_task_is_in_the_prompt_of_the_implement_phase_alone_and_the_key_goes_along()
    {
        using var provider = new ScriptedProvider(TranscriptScenarios.All["no-edit"].Script);
        using var world = new CaseWorld(provider.Url);
        world.Run();
        var told = provider.Asked.Where(request => request.Body.Contains("4711", StringComparison.Ordinal)).ToArray();
        Assert.All(told, request => Assert.Equal("IMPLEMENTER", Conversation.Read(request.Body)!.Role));
        Assert.Equal(3, told.Length);
        Assert.All(provider.Asked, request => Assert.Equal("Bearer none", request.Header("Authorization")));
    }

    [Fact]
    public void The_profile_tiny_has_no_verify_phase()
    {
        using var provider = new ScriptedProvider(TranscriptScenarios.All["ok"].Script);
        using var world = new CaseWorld(provider.Url, "tiny");
        Assert.Equal(0, world.Run().Exit);
        Assert.DoesNotContain("verify", world.Events().Select(one => (string?)one["phase"]));
        Assert.Contains("close", world.Events().Select(one => (string?)one["phase"]));
        Assert.Equal("completed", (string?)world.Events()[^1]["outcome"]);
    }

    [Fact]
    public void An_invented_commit_is_believed()
    {
        using var provider = new ScriptedProvider(new CaseScenario("invented", CaseAnswers.Implemented("0123456789abcdef0123456789abcdef01234567")).Script);
        using var world = new CaseWorld(provider.Url);
        Assert.Equal(0, world.Run().Exit);
        var result = world.Events().First(one => (string?)one["event"] == "phase_end")["result"]!;
        Assert.Equal("0123456789abcdef0123456789abcdef01234567", (string?)result["artifacts"]!["commit"]);
        Assert.True((bool)JsonNode.Parse(File.ReadAllText(world.TaskFile))!["tested"]!);
        Assert.Equal("1\n", world.Git("rev-list", "--count", "HEAD"));
    }

    [Theory]
    [InlineData("mode")]
    [InlineData("task")]
    [InlineData("repo")]
    [InlineData("config")]
    [InlineData("model")]
    public void It_ends_with_1_only_where_it_cannot_start(string what)
    {
        using var provider = new ScriptedProvider(TranscriptScenarios.All["ok"].Script);
        using var world = new CaseWorld(provider.Url);
        switch (what)
        {
            case "mode":
                world.Mode = "wild";
                break;
            case "task":
                File.Delete(world.TaskFile);
                break;
            case "repo":
                world.Write("home/.config/case/projects.json", new { repos = Array.Empty<object>() });
                break;
            case "config":
                File.Delete(world.At("home/.config/case/config.json"));
                break;
            default:
                world.Write("home/.pi/agent/models.json", new { providers = new { } });
                break;
        }

        Assert.Equal(1, world.Run().Exit);
        Assert.Empty(world.Logs);
        Assert.Equal(0, provider.Calls);
    }

    [Theory]
    [InlineData("CASE_DATA_DIR", "")]
    [InlineData("XDG_CONFIG_HOME", "/case")]
    public void Its_folder_can_lie_elsewhere(string variable, string below)
    {
        using var provider = new ScriptedProvider(TranscriptScenarios.All["no-edit"].Script);
        using var world = new CaseWorld(provider.Url);
        Directory.CreateDirectory(Path.GetDirectoryName(world.At("elsewhere" + below))!);
        Directory.Move(world.At("home/.config/case"), world.At("elsewhere" + below));
        world.Variables = world.Variables.SetItem(variable, world.At("elsewhere"));
        Assert.Equal(0, world.Run().Exit);
        Assert.Equal("completed", (string?)world.Events()[^1]["outcome"]);
    }

    [Fact]
    public void Without_a_key_it_asks_nobody_and_says_what_it_says_of_every_trouble()
    {
        using var provider = new ScriptedProvider(TranscriptScenarios.All["ok"].Script);
        using var world = new CaseWorld(provider.Url);
        world.Variables = world.Variables.Remove("OPENAI_API_KEY");
        Assert.Equal(0, world.Run().Exit);
        Assert.Equal(0, provider.Calls);
        Assert.Contains("AGENT_RESULT start delimiter not found", File.ReadAllText(Assert.Single(world.Logs)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("malformed")]
    [InlineData("refused-connection")]
    public void Any_trouble_with_the_provider_ends_with_0_and_the_same_words(string what)
    {
        using var nobody = new RefusingProvider();
        using var provider = new ScriptedProvider((what == "cut" ? CaseScenarios.CutsTheStream : CaseScenarios.MalformedStream).Script);
        using var world = new CaseWorld(what == "refused-connection" ? nobody.Url : provider.Url);
        var (exit, _, error) = world.Run();
        Assert.Equal(0, exit);
        Assert.DoesNotContain("Traceback", error, StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse(CaseTranscript.Real("unavailable").Events.Split('\n')[3])!["result"]!.ToJsonString(), world.Events()[3]["result"]!.ToJsonString());
    }

    [Fact]
    public async Task SIGTERM_ends_it_with_143_and_without_an_end_in_the_log_and_a_second_start_writes_a_new_one()
    {
        using var hanging = new ScriptedProvider(CaseScenarios.Hangs.Script);
        using var world = new CaseWorld(hanging.Url);
        using (var process = world.Start())
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            Assert.True(SpinWait.SpinUntil(() => hanging.Calls > 0, TimeSpan.FromSeconds(20)));
            Tool.Run("/bin/kill", "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await process.WaitForExitAsync(patience.Token);
            Assert.Equal(143, process.ExitCode);
            var written = CaseTranscript.Of(await File.ReadAllTextAsync(Assert.Single(world.Logs)), await output, await error, "{}", world.Workspace);
            Assert.Equal(CaseTranscript.Real("hang"), written);
        }

        var first = world.Logs[0];
        using var provider = new ScriptedProvider(TranscriptScenarios.All["no-edit"].Script);
        world.Write("home/.pi/agent/models.json", new { providers = new { openai = new { baseUrl = provider.Url, models = new[] { new { id = ScriptedProvider.Model } } } } });
        Assert.Equal(0, world.Run().Exit);
        Assert.Equal(2, world.Logs.Length);
        var second = await File.ReadAllLinesAsync(Assert.Single(world.Logs, log => log != first));
        Assert.Equal("completed", (string?)JsonNode.Parse(second[^1])!["outcome"]);
    }

    [Fact]
    public void It_tells_its_version() => Assert.Equal("0.1.0\n", Tool.Run(StandInCase.Source, "--version"));

    [Fact]
    public void Its_copy_can_be_run_by_everybody()
    {
        using var root = new TempRoot();
        Assert.Equal("0.1.0\n", Tool.Run(StandInCase.Install(root), "--version"));
        Assert.True(File.GetUnixFileMode(root.At("case/ca")).HasFlag(UnixFileMode.OtherExecute | UnixFileMode.OtherRead));
    }
}
