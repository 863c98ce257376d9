using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Engines;

/// <summary>What the kernel takes as arguments and variables of a program.</summary>
internal static class CommandBounds
{
    // MAX_ARG_STRLEN of Linux, with the byte that ends it.
    private const int LongestText = 131_072;

    // A quarter of the usual stack is the kernel's bound for all together; half of that leaves room for the sandbox's own.
    private const int LongestTogether = 1 << 20;

    /// <summary>Why a command cannot be started; empty where it can.</summary>
    internal static string FaultOf(EngineCommand command)
    {
        long together = 0;
        foreach (var (what, text) in Texts(command))
        {
            var length = Encoding.UTF8.GetByteCount(text) + 1;
            together += length;
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                return $"{what} would hold a NUL character, which no program can be given; take it out of the task or the manifest";
            }

            if (length > LongestText)
            {
                return $"{what} would be {length} bytes long, and a program can be given {LongestText} at most; give it by the manifest's input or files instead";
            }
        }

        return together > LongestTogether
            ? $"its arguments and variables would be {together} bytes long together, and at most {LongestTogether} are passed on; give them by the manifest's input or files instead"
            : "";
    }

    private static IEnumerable<(string What, string Text)> Texts(EngineCommand command)
    {
        foreach (var (argument, number) in command.Arguments.Select((text, index) => (text, index + 1)))
        {
            yield return ($"argument {number}", argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            yield return ($"the variable {PlainText.Quote(name)}", $"{name}={value}");
        }
    }
}
