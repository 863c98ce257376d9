using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Fixtures;

/// <summary>Reads <c>fixture.yaml</c>, schema <c>fixture.v1.json</c>.</summary>
public static class FixtureDocument
{
    /// <summary>Reads a fixture.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="folder">The name of the fixture's folder, which the id must equal.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The fixture, or all its problems. A missing test command is no problem here: the run reports it by its own code.</returns>
    public static Parsed<Fixture> Read(string where, string folder, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<Fixture>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/fixture/v1");
        var id = Id(fields, folder);
        var title = fields.Text("title");
        var language = fields.Text("language");
        var baseCommit = fields.Text("base");
        if (baseCommit.Length > 0 && (baseCommit.Length != 40 || !baseCommit.All(char.IsAsciiHexDigitLower)))
        {
            fields.Report(fields.At("base"), $"base is {PlainText.Quote(baseCommit)}", "write the 40 lower-case hexadecimal digits that 'cto-harness fixtures check' names");
        }

        var allowed = Paths(fields, "allowed_files");
        var ignored = Patterns(fields);
        var deleted = Deleted(fields, allowed);
        var command = fields.Texts("test_command", required: false);
        fields.Finish();
        return problems.Count > 0
            ? new Parsed<Fixture>.Refused([.. problems])
            : new Parsed<Fixture>.Value(new Fixture(id, title, language, baseCommit, allowed, ignored, deleted, [.. command.Select(c => c.Text)]));
    }

    private static TaskId Id(FieldReader fields, string folder)
    {
        var text = fields.Text("id");
        if (text.Length == 0)
        {
            return default;
        }

        if (!TaskId.TryParse(text, out var id))
        {
            fields.Report(fields.At("id"), $"id is {PlainText.Quote(text)}", "use lower-case letters, digits and hyphens, at most 64");
        }
        else if (text != folder)
        {
            fields.Report(fields.At("id"), $"id is {PlainText.Quote(text)} in a folder named {PlainText.Quote(folder)}", "make the two equal");
        }

        return id;
    }

    private static ImmutableArray<RelativePath> Paths(FieldReader fields, string name)
    {
        var paths = ImmutableArray.CreateBuilder<RelativePath>();
        var texts = fields.Texts(name, required: true);
        if (fields.Take(name) is YamlNode.Sequence { Items.IsEmpty: true } empty)
        {
            fields.Report(empty, $"{name} names no file", "name at least one file that a backend may change");
        }

        foreach (var (text, at) in texts)
        {
            if (text.Length == 0)
            {
                continue; // already reported
            }

            if (!RelativePath.TryParse(text, out var path) || GitNames.Refuse(path, EntryKind.File))
            {
                fields.Report(at, $"{PlainText.Quote(text)} is no path within the workspace", "write a relative path without \"..\", \".git\" and what git takes for it");
            }
            else if (paths.Contains(path))
            {
                fields.Report(at, $"{PlainText.Quote(text)} stands here twice", "keep one of the two");
            }
            else if (paths.Any(other => text.StartsWith(other + "/", StringComparison.Ordinal) || other.ToString().StartsWith(text + "/", StringComparison.Ordinal)))
            {
                fields.Report(at, $"{PlainText.Quote(text)} and another allowed file lie one in the other", "a path is a file or a folder, never both");
            }
            else
            {
                paths.Add(path);
            }
        }

        return paths.ToImmutable();
    }

    private static ImmutableArray<RelativePath> Deleted(FieldReader fields, ImmutableArray<RelativePath> allowed)
    {
        var paths = ImmutableArray.CreateBuilder<RelativePath>();
        foreach (var (text, at) in fields.Texts("deleted_files", required: false))
        {
            if (RelativePath.TryParse(text, out var path) && allowed.Contains(path) && !paths.Contains(path))
            {
                paths.Add(path);
            }
            else if (text.Length > 0)
            {
                fields.Report(at, $"{PlainText.Quote(text)} is no file that the solution may delete", "name one of allowed_files, once");
            }
        }

        return paths.ToImmutable();
    }

    private static ImmutableArray<PathPattern> Patterns(FieldReader fields)
    {
        var patterns = ImmutableArray.CreateBuilder<PathPattern>();
        foreach (var (text, at) in fields.Texts("ignored_files", required: false))
        {
            if (PathPattern.TryParse(text, out var pattern))
            {
                patterns.Add(pattern!);
            }
            else if (text.Length > 0)
            {
                fields.Report(at, $"{PlainText.Quote(text)} is no pattern", "write a relative path in which * and ** may stand");
            }
        }

        return patterns.ToImmutable();
    }
}
