using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Screen;

public sealed class ColorTests
{
    private const string Painted = "\u001b\\[[0-9;]*m";

    [Theory]
    [InlineData("run r1-string-slugify")]
    [InlineData("runs")]
    [InlineData("fixtures")]
    [InlineData("engines")]
    [InlineData("fixtures check")]
    [InlineData("doctor")]
    public void On_a_terminal_there_is_colour_unless_it_is_not_wanted(string line)
    {
        using var root = new TempRoot();
        root.Run().Run().Expect(0);
        KeepOneCheat(root);
        string[] words = [.. line.Split(' '), .. line.StartsWith("runs", StringComparison.Ordinal) ? Array.Empty<string>() : ["--harness-root", root.Harness]];
        var command = root.Command(words).Set("TERM", "xterm-256color");
        Assert.Matches(Painted, OnTerminal(command));
        Assert.DoesNotMatch(Painted, OnTerminal(command.Set("NO_COLOR", "1")));
        Assert.DoesNotMatch(Painted, OnTerminal(command.With("--no-color")));
        Assert.DoesNotMatch(Painted, OnTerminal(command.Set("TERM", "dumb")));
        Assert.DoesNotMatch(Painted, OnTerminal(command.With("--json")));
        var piped = command.Run();
        Assert.DoesNotContain('\u001b', piped.Text + piped.Error);
    }

    [Theory]
    [InlineData("runs --json")]
    [InlineData("run r1-string-slugify --json --quiet")]
    [InlineData("show latest --json")]
    public void A_document_printed_on_a_terminal_is_the_document_and_nothing_else(string line)
    {
        using var root = new TempRoot();
        root.Run().Run().Expect(0);
        var text = OnTerminal(root.Command(line.Split(' ')).Set("TERM", "xterm-256color"));
        Assert.StartsWith("{", text, StringComparison.Ordinal);
        Assert.EndsWith("}", text.TrimEnd(), StringComparison.Ordinal);
    }

    // The colours of a check are the same for one cheat as for all of them.
    private static void KeepOneCheat(TempRoot root)
    {
        Directory.Delete(Path.Combine(root.Harness, "fixtures", "r2-js-csv-quotes"), recursive: true);
        var path = Path.Combine(root.FixtureFolder, "verify", "cheats.yaml");
        var parts = File.ReadAllText(path).Split("\n  - name: ");
        var control = parts[0].Split("control: ")[1].Split('\n')[0].Trim();
        File.WriteAllText(path, parts[0] + "\n  - name: " + parts.Skip(1).Single(part => part.StartsWith(control + "\n", StringComparison.Ordinal)) + "\n");
    }

    private static string OnTerminal(HarnessCommand command)
    {
        // script gives the command a terminal; it takes one line for a shell.
        var line = string.Join(' ', new[] { command.Program }.Concat(command.Words).Select(word => $"'{word}'"));
        var terminal = command with { Program = "/usr/bin/script", Words = ["-qec", line, "/dev/null"] };
        return terminal.Run().Expect(0).Text;
    }
}
