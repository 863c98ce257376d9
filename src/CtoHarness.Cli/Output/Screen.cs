using CtoHarness.Core.Problems;

namespace CtoHarness.Cli.Output;

/// <summary>Where a command writes: results to one writer, talk to the other.</summary>
/// <param name="Result">Standard output.</param>
/// <param name="Talk">Standard error.</param>
/// <param name="Color">Whether the result may be coloured.</param>
/// <param name="TalkColor">Whether the talk may be coloured.</param>
internal sealed record Screen(TextWriter Result, TextWriter Talk, bool Color, bool TalkColor)
{
    private const string Green = "32";
    private const string Red = "31";
    private const string Yellow = "33";
    private const string Bold = "1";
    private const string Dim = "2";
    private static readonly ResultWriter StandardOutput = new(Console.OpenStandardOutput());
    private static readonly Talk StandardError = new(new ResultWriter(Console.OpenStandardError()));

    /// <summary>The kind of terminal that the person who asks has; empty where that is not told.</summary>
    internal static string Terminal { get; private set; } = "";

    /// <summary>The screen of this process.</summary>
    internal static Screen OfProcess()
    {
        Terminal = Environment.GetEnvironmentVariable("TERM") ?? "";
        var allowed = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Terminal is not ("dumb" or "");

        // The console of .NET writes escapes to a terminal before the first word; to a dumb one it has none to write.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        return new Screen(StandardOutput, StandardError, allowed && !Console.IsOutputRedirected, allowed && !Console.IsErrorRedirected);
    }

    /// <summary>The same without colour.</summary>
    internal Screen Plain() => this with { Color = false, TalkColor = false };

    /// <summary>A word in the colour of what it says, for the result.</summary>
    internal string Paint(string word) => Color ? Painted(word) : word;

    /// <summary>The same for the talk.</summary>
    internal string PaintTalk(string word) => TalkColor ? Painted(word) : word;

    /// <summary>Text that stands out, for the result.</summary>
    internal string Strong(string text) => Color ? $"\e[{Bold}m{text}\e[0m" : text;

    /// <summary>Text in the background, for the talk.</summary>
    internal string DimTalk(string text) => TalkColor ? $"\e[{Dim}m{text}\e[0m" : text;

    /// <summary>Reports every problem, a line each.</summary>
    internal void Report(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            Talk.WriteLine($"cto-harness: {problem}");
        }
    }

    private static string Painted(string word)
    {
        var color = word.TrimEnd(':', ' ') switch
        {
            "pass" or "ok" or "open" or "admitted" or "yes" => Green,
            "fail" or "failed" or "no" or "closed" or "refused" => Red,
            _ => Yellow,
        };
        return $"\e[{color}m{word}\e[0m";
    }
}
