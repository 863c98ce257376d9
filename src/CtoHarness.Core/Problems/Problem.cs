namespace CtoHarness.Core.Problems;

/// <summary>A mistake in something a person wrote, with what would mend it.</summary>
/// <param name="Where">The file, option or name at fault, as the person knows it.</param>
/// <param name="Message">What is wrong, with the value in quotes.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none.</param>
/// <param name="Column">Column in the line, from 1; 0 where there is none.</param>
public sealed record Problem(string Where, string Message, string Remedy, int Line = 0, int Column = 0)
{
    /// <summary>One line: place, what is wrong, what to do.</summary>
    /// <returns>Text without control characters.</returns>
    public override string ToString()
    {
        var place = Line > 0 ? $"{Where}:{Line}:{Column}" : Where;
        return PlainText.Visible($"{place}: {Message}; {Remedy}");
    }
}
