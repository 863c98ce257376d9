using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Engines;

/// <summary>Reads <c>engines/NAME.yaml</c>, schema <c>engine-manifest.v1.json</c>.</summary>
public static class EngineDocument
{
    /// <summary>Reads an engine manifest.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="fileName">The file's name without its ending, which the engine's name must equal.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The manifest, or all its problems.</returns>
    public static Parsed<EngineManifest> Read(string where, string fileName, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<EngineManifest>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/engine/v1");
        var (name, kind) = NameAndKind(fields, fileName);
        var head = new EngineManifest(name, kind, fields.Text("title"), fields.OptionalText("version"), "", "", "", null, Records(fields));
        var engine = head.IsScript ? head with { Script = Script(fields) } : TaskFields.Read(fields, ProgramFields.Read(fields, head));
        fields.Finish();
        return problems.Count > 0
            ? new Parsed<EngineManifest>.Refused([.. problems])
            : new Parsed<EngineManifest>.Value(engine with { Text = Encoding.UTF8.GetString(bytes), TextDigest = Digest.Of(bytes) });
    }

    private static (string Name, string Kind) NameAndKind(FieldReader fields, string fileName)
    {
        var name = fields.Text("name");
        if (name.Length > 0 && (name != fileName || !TaskId.TryParse(name, out _)))
        {
            fields.Report(fields.At("name"), $"name is {PlainText.Quote(name)} in a file named {PlainText.Quote(fileName)}", "make the two equal: lower-case letters, digits and hyphens");
        }

        var kind = fields.Text("kind");
        if (kind.Length > 0 && !EngineKinds.Known.Contains(kind))
        {
            fields.Report(fields.At("kind"), $"kind is {PlainText.Quote(kind)}", $"known are: {string.Join(", ", EngineKinds.Known)}");
        }

        if ((kind == EngineManifest.Fake) != (name == EngineManifest.Fake) && kind.Length > 0 && name.Length > 0)
        {
            fields.Report(fields.At("kind"), "only the engine named fake may be of kind fake, and it must be", "give the engine another kind or name");
        }

        return (name, kind);
    }

    private static string Script(FieldReader fields)
    {
        var script = fields.Text("script");
        if (script.Length > 0 && !RelativePath.TryParse(script, out _))
        {
            fields.Report(fields.At("script"), $"script is {PlainText.Quote(script)}", "write a path below the engines folder");
        }

        return script;
    }

    private static ImmutableArray<string> Records(FieldReader fields)
    {
        var records = fields.Texts("required_records", required: false);
        foreach (var (record, at) in records)
        {
            if (record.Length > 0 && !EngineEvent.IsName(record))
            {
                fields.Report(at, $"{PlainText.Quote(record)} is no name of a record", $"write 1 to {EngineEvent.Longest} printable characters");
            }
        }

        return [.. records.Select(record => record.Text)];
    }
}
