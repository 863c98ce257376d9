using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Engines;

[Trait("Mission", "M05")]
public sealed class EngineListTests(OrdinaryUser user) : IClassFixture<OrdinaryUser>
{
    private const string Manifest =
        """
        schema: cto-harness/engine/v1
        name: my-agent
        kind: command
        title: An agent of a test
        executable: {name: my-agent, variable: MY_AGENT_BIN}
        version_command: [--version, all]
        wire: none
        stand_in: true

        """;

    // It tells what it sees: its own words, its user, whether a file beside it is there, and that it may write nowhere there.
    private const string Agent =
        """
        #!/bin/sh
        here=${0%/*}
        [ -e "$here/beside" ] && beside=seen || beside=hidden
        (: > "$here/new") 2>/dev/null && wrote=wrote || wrote=refused
        echo "agent $* $beside $wrote"
        echo "$here was started" >&2
        """;

    [Theory]
    [InlineData("never-heard-of", "its model qwen-local/never-heard-of is not in models.yaml")]
    [InlineData("qwen3.6-35b-a3b-abliterated", "its model qwen-local/qwen3.6-35b-a3b-abliterated is refused by models.yaml")]
    [Trait("Mission", "M10")]
    public void A_model_that_is_not_admitted_is_told(string model, string words)
    {
        using var root = new TempRoot();
        SomePrograms.Executable(root, "bin/my-agent", Agent);
        root.Write("harness/engines/my-agent.yaml", Manifest.Replace("wire: none", $"wire: openai-chat-completions\nmodel: {{provider: qwen-local, name: {model}}}", StringComparison.Ordinal));
        var text = root.Command("engines", "--harness-root", root.Harness).Set("MY_AGENT_BIN", root.At("bin/my-agent")).Set("PATH", "/usr/bin:/bin").Run().Expect(0).Text;
        Assert.Contains(words, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_engine_is_shown_with_all_that_decides_over_it()
    {
        using var root = new TempRoot();
        SomePrograms.Executable(root, "bin/my-agent", Agent);
        root.Write("harness/engines/my-agent.yaml", Manifest);
        var text = root.Command("engines", "--harness-root", root.Harness).Set("MY_AGENT_BIN", root.At("bin/my-agent")).Set("PATH", "/usr/bin:/bin").Run().Expect(0).Text;
        var digest = Tool.Run("sha256sum", root.At("bin/my-agent")).Split(' ')[0];
        Assert.Contains(
            $"""
            my-agent: An agent of a test
              installed    yes
              usable       yes
              version      not told
              digest       sha256:{digest}
              program      {root.At("bin/my-agent")}
              kind         command, a stand-in: its pass admits nothing
              adapter      yes
              wire         none
              model        none
              gates        CTO_HARNESS_ALLOW_MY_AGENT=1 closed, CTO_HARNESS_MY_AGENT_STAGE=2 closed
              stages held  none

            """,
            text, StringComparison.Ordinal);
        Assert.Contains(
            """
            case: Case, command ca: a pipeline of Pi agent sessions
              installed    no
              usable       no: "ca" was not found in PATH (/usr/bin:/bin) and CTO_HARNESS_CASE_BIN is not set; install it, or set CTO_HARNESS_CASE_BIN to its absolute path
              version      not told
              digest       none
              kind         case
              adapter      yes
              wire         openai-chat-completions
              model        qwen-local/qwen3.6-35b-a3b (admitted)
              gates        CTO_HARNESS_ALLOW_CASE=1 closed, CTO_HARNESS_CASE_STAGE=2 closed
              stages held  none

            """,
            text, StringComparison.Ordinal);
        Assert.Contains("fake (default): ", text, StringComparison.Ordinal);
        Assert.Contains("  gates        none\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_admitted_makes_it_unusable()
    {
        using var root = new TempRoot();
        SomePrograms.Executable(root, "bin/my-agent", Agent);
        root.Write("harness/engines/my-agent.yaml", Manifest.Replace("wire: none", "wire: openai-chat-completions\nmodel: {provider: qwen-local, name: qwen3.6-35b-a3b-abliterated}", StringComparison.Ordinal));
        var agent = Listed(root.Command("engines", "--json", "--harness-root", root.Harness).Set("MY_AGENT_BIN", root.At("bin/my-agent")));
        Assert.Contains("refused by models.yaml", agent["trouble"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(agent["installed"]!.GetValue<bool>());
    }

    [Fact]
    [Trait("Mission", "M07")]
    public void While_a_gate_is_closed_nothing_is_started_and_no_version_is_told()
    {
        using var root = new TempRoot();
        var agent = Listed(Command(root).Set("CTO_HARNESS_ALLOW_MY_AGENT", "yes"));
        Assert.Null(agent["version"]);
        Assert.Equal("closed, open", string.Join(", ", agent["gates"]!.AsArray().Select(gate => gate!["open"]!.GetValue<bool>() ? "open" : "closed")));
        root.AssertNoScratch();
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void With_open_gates_it_tells_its_version_within_a_sandbox_although_it_lies_in_a_hidden_place()
    {
        using var root = new TempRoot();
        var command = Command(root);
        root.Write("home/bin/beside", "x");
        Tool.Run("/bin/chmod", "-R", "a+rX", root.At("home"));
        Assert.Equal("agent --version all hidden refused", Listed(command)["version"]!.GetValue<string>());
        root.AssertNoScratch();
    }

    [Fact]
    public void Control_outside_it_sees_what_is_beside_it_and_may_write_there()
    {
        using var root = new TempRoot();
        Command(root);
        root.Write("home/bin/beside", "x");
        Assert.StartsWith("agent a seen wrote", Tool.Run(root.At("home/bin/my-agent"), "a"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void So_it_does_for_an_ordinary_user_whose_home_is_closed_to_all()
    {
        using var root = new TempRoot();
        var command = Command(root);
        root.Write("home/bin/beside", "x");
        Tool.Run("/bin/chmod", "-R", "go-rwx", root.At("home"));
        Assert.Equal("agent --version all hidden refused", Listed(user.Of(command))["version"]!.GetValue<string>());
        root.AssertNoScratch();
    }

    [RootFact]
    [Trait("Mission", "M11")]
    public void In_a_home_that_is_closed_to_all_it_is_refused_to_root_with_the_way_out()
    {
        using var root = new TempRoot();
        var command = Command(root);
        Tool.Run("/bin/chmod", "-R", "go-rwx", root.At("home"));
        var agent = Listed(command);
        Assert.Contains("is closed to others; install it where everybody may read", agent["trouble"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(agent["version"]);
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("printf '\\n\\n'")]
    [InlineData("kill -9 $$")]
    [InlineData("sleep 1000")]
    public void What_tells_no_version_has_none(string act)
    {
        using var root = new TempRoot();
        Assert.Null(Listed(Command(root, $"#!/bin/sh\n{act}\n"))["version"]);
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData("printf 'a\\033[31mb\\nc'", "a\\u{1B}[31mb")]
    [InlineData("yes | tr -d '\\n' | head -c 100000", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    public void Of_what_it_says_the_first_line_is_shown_as_far_as_it_can_be(string act, string version)
    {
        using var root = new TempRoot();
        Assert.Equal(version, Listed(Command(root, $"#!/bin/sh\n{act}\n"))["version"]!.GetValue<string>());
    }

    [Fact]
    [Trait("Mission", "M19")]
    public void The_list_fits_its_schema_with_a_package_in_it()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        root.Write("harness/engines/my-agent.yaml", Manifest.Replace(
            "executable: {name: my-agent, variable: MY_AGENT_BIN}", "executable: {name: agent, variable: MY_AGENT_BIN, package: true, interpreter: {name: run, variable: MY_RUN_BIN}}", StringComparison.Ordinal));
        var finished = root.Command("engines", "--json", "--harness-root", root.Harness)
            .Set("MY_AGENT_BIN", root.At("lib/node_modules/.bin/agent")).Set("MY_RUN_BIN", root.At("lib/bin/run")).Run().Expect(0);
        Schemas.Assert(root, "engine-list.v1.json", finished.Output);
        var agent = finished.Json["engines"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "my-agent")!;
        Assert.Equal("1.2.3", agent["version"]!.GetValue<string>());
        Assert.Equal(root.At("lib/node_modules"), agent["package"]!.GetValue<string>());
        Assert.Empty(agent["stages_held"]!.AsArray());
    }

    private static HarnessCommand Command(TempRoot root, string agent = Agent)
    {
        SomePrograms.Executable(root, "home/bin/my-agent", agent);
        root.Write("harness/engines/my-agent.yaml", Manifest);
        return root.Command("engines", "--json", "--harness-root", root.Harness)
            .Set("MY_AGENT_BIN", root.At("home/bin/my-agent")).Set("CTO_HARNESS_ALLOW_MY_AGENT", "1").Set("CTO_HARNESS_MY_AGENT_STAGE", "2");
    }

    private static JsonNode Listed(HarnessCommand command) =>
        command.Run().Expect(0).Json["engines"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "my-agent")!;
}
