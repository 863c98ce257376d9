using System.Collections.Immutable;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Engines;

/// <summary>Reads what an engine is told, what is laid down for it, and where its records are.</summary>
internal static class TaskFields
{
    private const int LongestText = 65_536;
    private const int MostFiles = 100;

    // They say where the lane's folders are: another value would only mislead.
    private static readonly ImmutableArray<string> Fixed = ["HOME", "TMPDIR"];

    internal static EngineManifest Read(FieldReader fields, EngineManifest head)
    {
        var own = Own(fields);
        var arguments = fields.Texts("arguments", required: false);
        foreach (var (argument, at) in arguments)
        {
            Check(fields, at, argument, Placeholders.Known);
        }

        var input = fields.OptionalText("input", LongestText);
        Check(fields, fields.At("input"), input, Placeholders.Known);
        var environment = Environment(fields);
        var files = Files(fields, own);
        var (wire, file) = Output(fields, head, own);
        return head with
        {
            Arguments = [.. arguments.Select(argument => argument.Text)],
            Environment = environment,
            Input = input,
            Files = files,
            Output = wire,
            OutputFile = file,
            OwnFiles = own,
        };
    }

    private static void Check(FieldReader fields, YamlNode at, string template, ImmutableArray<string> known)
    {
        if (Placeholders.FaultOf(template, known) is { } fault)
        {
            fields.Report(at, fault, $"known are: {string.Join(", ", known.Select(name => $"${{{name}}}"))}; $${{ stands for ${{ itself");
        }
    }

    private static ImmutableSortedDictionary<string, string> Environment(FieldReader fields)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, text, at) in fields.Named("environment"))
        {
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                fields.Report(at, $"{PlainText.Quote(name)} is no name of a variable", "use letters, digits and underscores, with no digit first");
            }
            else if (Fixed.Contains(name))
            {
                fields.Report(at, $"{name} is set by the sandbox", "take it out");
            }

            Check(fields, at, text, Placeholders.Known);
            variables[name] = text;
        }

        return variables.ToImmutable();
    }

    private static ImmutableArray<PathPattern> Own(FieldReader fields)
    {
        var own = ImmutableArray.CreateBuilder<PathPattern>();
        foreach (var (text, at) in fields.Texts("own_files", required: false))
        {
            if (text.Length > 0 && PathPattern.TryParse(text, out var pattern) && !text.Split('/')[0].Contains('*', StringComparison.Ordinal) && FieldReader.IsInWorkspace(text))
            {
                own.Add(pattern!);
            }
            else if (text.Length > 0)
            {
                fields.Report(at, $"{PlainText.Quote(text)} is no pattern for an engine's own files", "write a path within the workspace that begins with a plain name, such as .agent/**");
            }
        }

        return own.ToImmutable();
    }

    private static ImmutableArray<FileTemplate> Files(FieldReader fields, ImmutableArray<PathPattern> own)
    {
        var files = ImmutableArray.CreateBuilder<FileTemplate>();
        foreach (var item in fields.Items("files", required: false, MostFiles))
        {
            var inner = new FieldReader(fields.Where, item, fields.Problems);
            var place = Word(inner, "place", "home", "workspace");
            var path = inner.Text("path");
            var form = Word(inner, "form", "json", "text");
            var file = new FileTemplate(place == "workspace" ? FilePlace.Workspace : FilePlace.Home, path, form == "json", inner.LongText("text", LongestText));
            inner.Finish();
            CheckPath(inner, "path", path, isInWorkspace: place == "workspace", own);
            Check(inner, inner.At("text"), file.Text, Placeholders.Known);
            if (Placeholders.FaultOf(file.Text, Placeholders.Known) is null && file.Text.Length > 0 && file.Expand(_ => "x") is null)
            {
                inner.Report(inner.At("text"), "with values put in, it is no JSON", "write JSON in which placeholders stand within texts, or form: text");
            }

            if (path.Length > 0 && files.Any(one => one.Place == file.Place && one.Path == path))
            {
                inner.Report(inner.At("path"), $"{PlainText.Quote(path)} stands here twice", "keep one of the two");
            }

            files.Add(file);
        }

        return files.ToImmutable();
    }

    private static (OutputWire Wire, string File) Output(FieldReader fields, EngineManifest head, ImmutableArray<PathPattern> own)
    {
        if (fields.Inner("output") is not { } inner)
        {
            RequireNone(fields, head);
            return (OutputWire.None, "");
        }

        var word = Word(inner, "wire", [.. Enum.GetValues<OutputWire>().Select(Words.Of)]);
        var wire = WordReader.Find<OutputWire>(word, Words.Of) ?? OutputWire.None;
        if (word == Words.Of(OutputWire.None))
        {
            RequireNone(fields, head);
        }

        var file = inner.OptionalText("file");
        inner.Finish();
        if (file.Length > 0)
        {
            CheckPath(inner, "file", file, isInWorkspace: true, own);
        }

        if (file.Split('/').Contains("**") || (file.Length > 0 && !PathPattern.TryParse(file, out _)))
        {
            inner.Report(inner.At("file"), $"{PlainText.Quote(file)} is no pattern for a file", "use * within a name, no **, and at most 256 characters");
        }

        return (wire, file);
    }

    private static void RequireNone(FieldReader fields, EngineManifest head)
    {
        if (!head.RequiredRecords.IsEmpty)
        {
            fields.Report(fields.At("required_records"), "records are required of an engine whose output has none", "add output: {wire: json-lines}, or the form that its records have");
        }
    }

    private static string Word(FieldReader fields, string name, params string[] words)
    {
        var word = fields.Text(name);
        if (word.Length > 0 && !words.Contains(word))
        {
            fields.Report(fields.At(name), $"{name} is {PlainText.Quote(word)}", $"known are: {string.Join(", ", words)}");
        }

        return word;
    }

    // What an engine has in the workspace is none of the change only where its own files say so.
    private static void CheckPath(FieldReader fields, string name, string path, bool isInWorkspace, ImmutableArray<PathPattern> own)
    {
        Check(fields, fields.At(name), path, Placeholders.InPaths);
        var sample = Placeholders.Expand(path, _ => "x").Replace('*', 'x');
        if (path.Length == 0)
        {
            return;
        }

        if (!RelativePath.TryParse(sample, out var parsed) || (isInWorkspace && !FieldReader.IsInWorkspace(sample)))
        {
            fields.Report(fields.At(name), $"{PlainText.Quote(path)} is no path of a file", "write a relative path without \"..\" and, in the workspace, without \".git\"");
        }
        else if (isInWorkspace && !own.Any(pattern => pattern.Covers(parsed)))
        {
            fields.Report(fields.At(name), $"{PlainText.Quote(path)} is none of the engine's own files, so that it would count as a change", "add a pattern for it to own_files");
        }
    }
}
