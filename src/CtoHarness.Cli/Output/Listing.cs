using Spectre.Console;

namespace CtoHarness.Cli.Output;

/// <summary>A table of plain texts: aligned on a terminal, one row a line in a pipe.</summary>
internal static class Listing
{
    private const int NoTerminalWidth = 10_000;

    /// <summary>Writes a table.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="titles">The columns' titles.</param>
    /// <param name="rows">The rows; their texts are already safe to show.</param>
    internal static void Write(Screen screen, IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.Color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(screen.Result),
        });
        if (Console.IsOutputRedirected || !ReferenceEquals(screen.Result, Console.Out))
        {
            console.Profile.Width = NoTerminalWidth;
        }

        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(text => (Spectre.Console.Rendering.IRenderable)new Text(text)));
        }

        console.Write(table);
    }
}
