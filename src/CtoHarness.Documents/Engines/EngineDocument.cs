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

        var title = fields.Text("title");
        var version = fields.OptionalText("version");
        var script = "";
        var executable = (Name: "", Variable: "");
        ModelName? model = null;
        if (kind is EngineManifest.Fake or EngineManifest.Scripted)
        {
            script = Script(fields);
        }
        else
        {
            executable = Executable(fields);
            model = Model(fields);
        }

        var records = fields.Texts("required_records", required: false);
        fields.Finish();
        return problems.Count > 0
            ? new Parsed<EngineManifest>.Refused([.. problems])
            : new Parsed<EngineManifest>.Value(new EngineManifest(
                name, kind, title, version, script, executable.Name, executable.Variable, model, [.. records.Select(r => r.Text)]));
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

    private static (string Name, string Variable) Executable(FieldReader fields)
    {
        if (fields.Take("executable") is not { } node)
        {
            fields.Missing("executable", "add executable: {name: PROGRAM, variable: CTO_HARNESS_…_BIN}");
            return ("", "");
        }

        var inner = new FieldReader(fields.Where, node, fields.Problems);
        var name = inner.Text("name");
        var variable = inner.Text("variable");
        if (name.Contains('/', StringComparison.Ordinal))
        {
            inner.Report(node, $"executable name is {PlainText.Quote(name)}", "write a program's name as PATH has it; a path goes into the variable");
        }

        if (variable.Length > 0 && !variable.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            inner.Report(node, $"executable variable is {PlainText.Quote(variable)}", "use upper-case letters, digits and underscores");
        }

        inner.Finish();
        return (name, variable);
    }

    private static ModelName? Model(FieldReader fields)
    {
        if (fields.Take("model") is not { } node)
        {
            fields.Missing("model", "add model: {provider: PROVIDER, name: MODEL}");
            return null;
        }

        var inner = new FieldReader(fields.Where, node, fields.Problems);
        var model = new ModelName(inner.Text("provider"), inner.Text("name"));
        inner.Finish();
        return model;
    }
}
