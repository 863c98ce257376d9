using Spectre.Console;

namespace CtoHarness.Cli.Output;

/// <summary>A table of plain texts: aligned on a terminal, one row a line in a pipe.</summary>
internal static class Listing
{
    // Rows are lines, as long as they are: a terminal wraps them, a pipe keeps them whole.
    private const int NoTerminalWidth = 10_000;

    /// <summary>Writes a table.</summary>
    /// <param name="screen">Where to.</param>
    /// <param name="titles">The columns' titles.</param>
    /// <param name="rows">The rows; their texts are already safe to show.</param>
    internal static void Write(Screen screen, IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        // Without ANSI the library colours through the console, whatever it is told; with it, a plain style writes no escape.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new PlainOutput(screen.Result),
        });
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(screen.Color ? new Text(title, new Style(decoration: Decoration.Bold)) : new Text(title)).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(text => (Spectre.Console.Rendering.IRenderable)new Text(text)));
        }

        console.Write(table);
    }

    private sealed class PlainOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => false;

        public int Width => NoTerminalWidth;

        public int Height => 80;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
