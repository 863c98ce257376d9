using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Scripts;

public sealed class FirstUseTests
{
    private const string CopySources = """
        set -eu
        mkdir -p "$2"
        cd "$1"
        git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' name; do
            [ ! -e "$name" ] || printf '%s\0' "$name"
        done | tar -c --null -T - -f - | tar -x -f - -C "$2"
        """;

    // One test, since a build takes a minute.
    [Fact]
    [Trait("Tier", "Long")]
    public void A_fresh_copy_builds_itself_once_for_two_that_call_at_once_and_again_only_when_a_source_changed()
    {
        using var root = new TempRoot();
        var copy = root.At("a folder with spaces");
        Tool.Run("/bin/bash", "-c", CopySources, "bash", Repository.Root, copy);
        Directory.CreateDirectory(root.At("links"));
        File.CreateSymbolicLink(root.At("links/my harness"), Path.Combine(copy, "cto-harness"));
        var call = Caller(root, root.At("links/my harness"));
        using (var first = call.Start())
        using (var second = (call with { Folder = root.At("tmp") }).Start())
        {
            var ends = new[] { first.Wait().Expect(0), second.Wait().Expect(0) };
            Assert.All(ends, end => Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", end.Text));
            Assert.Single(ends, end => end.Error.Contains("built in", StringComparison.Ordinal));
            Assert.Contains(ends, end => end.Error.Contains("building (first use", StringComparison.Ordinal));
        }

        Assert.Single(Builds(copy));
        Assert.Empty(call.Run().Expect(0).Error);
        Assert.Single(Builds(copy));
        var report = call.With("run", TempRoot.Fixture, "--json").Words;
        var run = (call with { Words = [.. report.Skip(1)] }).Run().Expect(0);
        Assert.Equal("pass", run.Json["status"]!.GetValue<string>());
        File.AppendAllText(Path.Combine(copy, "src/CtoHarness.Cli/Program.cs"), "// changed\n");
        Assert.Contains("rebuilding", call.Run().Expect(0).Error, StringComparison.Ordinal);
        Assert.Equal(2, Builds(copy).Length);
        File.AppendAllText(Path.Combine(copy, "src/CtoHarness.Cli/Program.cs"), "this does not compile\n");
        var broken = call.Run().Expect(70);
        Assert.Contains("the build failed", broken.Error, StringComparison.Ordinal);
        Assert.Contains("Program.cs", broken.Error, StringComparison.Ordinal);
        Assert.Equal(2, Builds(copy).Length);
        Survivors.AssertNone(root.Marker);
    }

    private static HarnessCommand Caller(TempRoot root, string program)
    {
        var command = root.Command("--version") with { Program = program, Limit = TimeSpan.FromMinutes(5) };
        // The packages are those of whoever runs the tests: this is a test of the script, not of the network.
        return command
            .Set("HOME", Environment.GetEnvironmentVariable("HOME") ?? "/root")
            .Set("NUGET_PACKAGES", Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".nuget/packages"))
            .Set("XDG_STATE_HOME", root.At("xdg"));
    }

    private static string[] Builds(string copy) => Directory.GetDirectories(Path.Combine(copy, "artifacts/cto-harness"), "build-*");
}
