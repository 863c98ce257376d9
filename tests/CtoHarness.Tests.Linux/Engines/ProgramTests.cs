using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Engines;

[Trait("Mission", "M05")]
public sealed class ProgramTests
{
    [Fact]
    public void A_package_is_found_through_the_links_that_npm_makes()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        var program = SomePrograms.Find(root, SomePrograms.Package);
        Assert.Equal(root.At("lib/node_modules/@scope/agent/dist/cli.js"), program.Path);
        Assert.Equal(root.At("lib/bin/run"), program.Interpreter);
        Assert.Equal(root.At("lib/node_modules"), program.Package);
        Assert.Equal("1.2.3", program.Version);
        Assert.Equal([program.Package, program.Interpreter], program.Needs.ToArray());
        Assert.NotNull(program.Digest);
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void The_digest_is_that_of_the_whole_package_and_of_what_runs_it_wherever_they_are()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        SomePrograms.Install(root, "elsewhere");
        var digest = Digested(root);
        Assert.Equal(digest, Digested(root, "elsewhere"));
        var seen = new HashSet<Digest> { digest };
        foreach (var change in new Action[]
        {
            () => root.Write("lib/node_modules/other/index.js", "Other\n"),
            () => root.Write("lib/node_modules/other/more.js", ""),
            () => root.Write("lib/node_modules/@scope/agent/node_modules/inner/index.js", "Inner\n"),
            () => SomePrograms.Executable(root, "lib/bin/run", "#!/bin/sh\nexec /bin/sh \"$@\" \n"),
            () => File.Delete(root.At("lib/node_modules/other/index.js")),
            () => Tool.Run("/bin/chmod", "+x", root.At("lib/node_modules/other/more.js")),
            () => Replace(root.At("lib/node_modules/.bin/agent"), "../@scope/agent/./dist/cli.js"),
        })
        {
            change();
            Assert.True(seen.Add(Digested(root)), "a change that does not show");
        }

        Tool.Run("/bin/cp", root.At("lib/node_modules/@scope/agent/dist/cli.js"), root.At("elsewhere/node_modules/@scope/agent/dist/more.js"));
        Tool.Run("/bin/cp", "-a", root.At("elsewhere"), root.At("third"));
        Replace(root.At("third/node_modules/.bin/agent"), "../@scope/agent/dist/more.js");
        Assert.NotEqual(Digested(root, "elsewhere"), Digested(root, "third"));
    }

    [Fact]
    public void A_program_by_itself_has_the_digest_of_its_bytes_and_a_script_that_of_both()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        SomePrograms.Executable(root, "lib/bin/agent", "#!/bin/sh\n");
        File.Delete(root.At("lib/node_modules/.bin/agent"));
        var plain = SomePrograms.Find(root, SomePrograms.Plain);
        Assert.Equal(Digest.Of("#!/bin/sh\n"u8), plain.Digest);
        Assert.Equal([plain.Path], plain.Needs.ToArray());
        var interpreted = SomePrograms.Find(root, SomePrograms.Interpreted);
        Assert.NotEqual(plain.Digest, interpreted.Digest);
        Assert.Equal([plain.Path, interpreted.Interpreter], interpreted.Needs.ToArray());
        SomePrograms.Executable(root, "lib/bin/run", "#!/bin/sh\nother\n");
        Assert.NotEqual(interpreted.Digest, SomePrograms.Find(root, SomePrograms.Interpreted).Digest);
    }

    [Fact]
    public void What_cannot_be_digested_is_not_found_and_says_why()
    {
        AssertRefused(root => Tool.Run("/usr/bin/mkfifo", root.At("lib/node_modules/other/pipe")), "(FIFO)");
        AssertRefused(root => root.Write("lib/node_modules/other/.git/config", "x"), "(within a nested .git)");
        AssertRefused(root => File.CreateSymbolicLink(root.At("lib/node_modules/linked"), "../../elsewhere"), "leads out of it", root => root.Write("elsewhere/x", "x"));
        AssertRefused(root => Replace(root.At("lib/node_modules/.bin/agent"), root.At("lib/bin/run")), "lies in no folder node_modules");
    }

    [Fact]
    public void Control_a_link_that_leads_nowhere_or_within_is_none_of_these()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        File.CreateSymbolicLink(root.At("lib/node_modules/gone"), "../../gone");
        File.CreateSymbolicLink(root.At("lib/node_modules/within"), "other");
        Assert.NotNull(SomePrograms.Find(root, SomePrograms.Package).Digest);
    }

    [Theory]
    [InlineData("AGENT_RUN", "AGENT_RUN is \"/nowhere\"")]
    [InlineData("AGENT_BIN", "AGENT_BIN is \"/nowhere\"")]
    public void A_variable_that_names_no_program_is_told_for_either(string variable, string told)
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        var environment = SomePrograms.Path(root);
        environment[variable] = "/nowhere";
        Assert.StartsWith(told, EngineProgram.Find(SomePrograms.Package, root.At("harness/engines"), environment).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_interpreter_it_is_not_found()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        File.Delete(root.At("lib/bin/run"));
        var program = SomePrograms.Find(root, SomePrograms.Package);
        Assert.Null(program.Digest);
        Assert.Contains("\"run\" was not found in PATH", program.Detail, StringComparison.Ordinal);
        Assert.Contains("AGENT_RUN", program.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_that_states_no_version_has_none()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        root.Write("lib/node_modules/@scope/agent/package.json", "{\"version\":\"a\\nb\"}");
        root.Write("lib/package.json", "{\"version\":\"7\"}");
        Assert.Equal("", SomePrograms.Find(root, SomePrograms.Package).Version);
    }

    [Fact]
    [Trait("Mission", "M11")]
    public void What_the_user_of_the_sandbox_cannot_read_is_refused_with_the_way_out()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        var program = SomePrograms.Find(root, SomePrograms.Package);
        Assert.Equal("", program.Refusal(Nothing, 64_000));
        foreach (var closed in new[] { "lib/node_modules/@scope/agent", "lib/node_modules/@scope/agent/dist/cli.js", "lib/bin/run", "lib/bin" })
        {
            Tool.Run("/bin/chmod", "o-rx", root.At(closed));
            var refusal = program.Refusal(Nothing, 64_000);
            Assert.Contains($"because {root.At(closed)} is closed to others", refusal, StringComparison.Ordinal);
            Assert.Contains("/opt", refusal, StringComparison.Ordinal);
            Assert.EndsWith($"or name another with {(closed.StartsWith("lib/bin", StringComparison.Ordinal) ? "AGENT_RUN" : "AGENT_BIN")}", refusal, StringComparison.Ordinal);
            Assert.Equal("", program.Refusal(Nothing, null));
            Tool.Run("/bin/chmod", "o+rx", root.At(closed));
        }
    }

    [Fact]
    [Trait("Mission", "M13")]
    public void What_lies_in_a_place_that_must_stay_hidden_is_refused_and_what_lies_in_a_home_is_not()
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        var program = SomePrograms.Find(root, SomePrograms.Package);
        Assert.Contains($"lies in {root.At("lib/bin")}, which is hidden from every backend", program.Refusal(View((root.At("lib/bin"), AttemptClass.Target)), null), StringComparison.Ordinal);
        Assert.NotEqual("", program.Refusal(View((root.Folder, AttemptClass.Home), (root.At("lib"), AttemptClass.Hidden)), null));
        Assert.Equal("", program.Refusal(View((root.Folder, AttemptClass.Hidden), (root.At("lib"), AttemptClass.Home)), null));
        Assert.Equal("", program.Refusal(View((root.At("lib"), AttemptClass.Protected)), null));
    }

    [Fact]
    public void A_script_of_the_harness_root_needs_nothing()
    {
        using var root = new TempRoot();
        var fake = EngineProgram.Find(new EngineManifest("fake", "fake", "Fake", "1", "fake/engine.sh", "", "", null, []), root.At("harness/engines"), SomePrograms.Path(root));
        Assert.Empty(fake.Needs);
        Assert.Equal("1", fake.Version);
        Assert.Equal("", fake.Refusal(View((root.Folder, AttemptClass.Target)), 64_000));
    }

    private static HostView Nothing { get; } = View();

    private static HostView View(params (string Path, AttemptClass Class)[] places) =>
        new([], [], [.. places], [], new InitPlace("/init", "/dotnet"));

    private static Digest Digested(TempRoot root, string folder = "lib")
    {
        var program = SomePrograms.Find(root, SomePrograms.Package, folder);
        Assert.True(program.Digest is not null, program.Detail);
        return program.Digest!.Value;
    }

    private static void AssertRefused(Action<TempRoot> change, string told, Action<TempRoot>? before = null)
    {
        using var root = new TempRoot();
        SomePrograms.Install(root);
        before?.Invoke(root);
        change(root);
        var program = SomePrograms.Find(root, SomePrograms.Package);
        Assert.Null(program.Digest);
        Assert.Equal("", program.Path);
        Assert.Contains(told, program.Detail, StringComparison.Ordinal);
    }

    private static void Replace(string link, string target)
    {
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }
}
