using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Drivers;

/// <summary>Reads <c>drivers/LANGUAGE/driver.yaml</c>, schema <c>driver.v1.json</c>.</summary>
public static class DriverDocument
{
    /// <summary>Reads a driver's manifest.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="folder">The name of the driver's folder, which the language must equal.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The manifest, or all its problems.</returns>
    public static Parsed<DriverManifest> Read(string where, string folder, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<DriverManifest>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/driver/v1");
        var language = fields.Text("language");
        if (language.Length > 0 && (language != folder || !TaskId.TryParse(language, out _)))
        {
            fields.Report(fields.At("language"), $"language is {PlainText.Quote(language)} in a folder named {PlainText.Quote(folder)}", "make the two equal: lower-case letters, digits and hyphens");
        }

        var title = fields.Text("title");
        var command = Command(fields);
        var file = fields.Text("file");
        if (file.Length > 0 && (file.Contains('/', StringComparison.Ordinal) || !RelativePath.TryParse(file, out _)))
        {
            fields.Report(fields.At("file"), $"file is {PlainText.Quote(file)}", "write the name of a file beside driver.yaml");
        }

        fields.Finish();
        return problems.Count > 0
            ? new Parsed<DriverManifest>.Refused([.. problems])
            : new Parsed<DriverManifest>.Value(new DriverManifest(language, title, command, file));
    }

    private static ImmutableArray<string> Command(FieldReader fields)
    {
        var words = fields.Texts("command", required: true);
        if (fields.Take("command") is YamlNode.Sequence { Items.IsEmpty: true } empty)
        {
            fields.Report(empty, "\"command\" names no program", "write command: [PROGRAM, ONE]");
        }
        else if (words is [var (program, at), ..] && program.Contains('/', StringComparison.Ordinal))
        {
            fields.Report(at, $"the program is {PlainText.Quote(program)}", "write its name alone: it is looked for in /usr/bin, /bin and /usr/local/bin");
        }

        return [.. words.Select(word => word.Text)];
    }
}
