using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Cases;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cheats;

/// <summary>Reads <c>verify/cheats.yaml</c>, schema <c>cheats.v1.json</c>.</summary>
public static class CheatsDocument
{
    private const int MostCheats = LanesNote.MostControls - 1;
    private const int LongestText = 1 << 16;

    /// <summary>Reads the cheats of a fixture.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The cheats, or all problems of the file.</returns>
    public static Parsed<CheatSet> Read(string where, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<CheatSet>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/cheats/v1");
        var name = fields.Text("control");
        var all = Cheats(fields);
        var control = all.FirstOrDefault(cheat => cheat.Name == name);
        if (name.Length > 0 && all.Length > 0 && control is null)
        {
            fields.Report(fields.At("control"), $"control is {PlainText.Quote(name)}, which is no cheat here", "write the name of a cheat that has files and no script");
        }
        else if (control is { Script.Length: > 0 })
        {
            fields.Report(fields.At("control"), $"control is {PlainText.Quote(name)}, which has a script", "write the name of a cheat that has files and no script");
        }

        fields.Finish();
        return problems.Count > 0
            ? new Parsed<CheatSet>.Refused([.. problems])
            : new Parsed<CheatSet>.Value(new CheatSet(control!, all));
    }

    private static ImmutableArray<Cheat> Cheats(FieldReader fields)
    {
        var items = fields.Items("cheats", required: true, MostCheats);
        if (fields.Take("cheats") is YamlNode.Sequence { Items.IsEmpty: true } empty)
        {
            fields.Report(empty, "\"cheats\" names no cheat", "add at least one");
        }

        var cheats = ImmutableArray.CreateBuilder<Cheat>(items.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var cheat = ReadOne(new FieldReader(fields.Where, item, fields.Problems), item);
            if (cheat.Name.Length > 0 && !names.Add(cheat.Name))
            {
                fields.Report(item, $"cheat {PlainText.Quote(cheat.Name)} stands here twice", "give each cheat its own name");
            }

            cheats.Add(cheat);
        }

        return cheats.ToImmutable();
    }

    private static Cheat ReadOne(FieldReader fields, YamlNode node)
    {
        var name = fields.Text("name");
        if (name.Length > 0 && !TaskId.TryParse(name, out _))
        {
            fields.Report(fields.At("name"), $"name is {PlainText.Quote(name)}", "use lower-case letters, digits and hyphens, at most 64");
        }

        var title = fields.Text("title");
        var breach = Breach(fields);
        var files = Files(fields);
        var script = Script(fields);
        if (fields.Take("files") is null && fields.Take("script") is null && node is YamlNode.Mapping)
        {
            fields.Report(node, "the cheat does nothing", "add files: {PATH: TEXT}, or script: TEXT");
        }

        fields.Finish();
        return new Cheat(name, title, breach, files, script);
    }

    private static BlockerCode Breach(FieldReader fields)
    {
        var breaches = BlockerCode.All.Where(code => code.Effect is Effect.BreaksByAct or Effect.BreaksByAbsence).ToList();
        var text = fields.Text("breach");
        var found = breaches.Find(code => code.Text == text);
        if (text.Length > 0 && found is null)
        {
            fields.Report(fields.At("breach"), $"breach is {PlainText.Quote(text)}", $"known are: {string.Join(", ", breaches)}");
        }

        return found ?? BlockerCode.FailedTests;
    }

    private static ImmutableArray<(RelativePath Path, string Text)> Files(FieldReader fields)
    {
        var node = fields.Take("files");
        if (node is not YamlNode.Mapping { Fields: { Length: > 0 } named })
        {
            if (node is not null)
            {
                fields.Report(node, "\"files\" must be paths with their texts", "write files: {PATH: TEXT}");
            }

            return [];
        }

        var files = ImmutableArray.CreateBuilder<(RelativePath Path, string Text)>(named.Length);
        foreach (var (key, value) in named)
        {
            if (!FieldReader.IsInWorkspace(key.Text) || !RelativePath.TryParse(key.Text, out var path))
            {
                fields.Report(key, $"{PlainText.Quote(key.Text)} is no path within the workspace", "write a relative path without \"..\" and \".git\"");
            }
            else if (files.Any(other => Lies(other.Path, path) || Lies(path, other.Path)))
            {
                fields.Report(key, $"{PlainText.Quote(key.Text)} and another file lie one in the other", "a path is a file or a folder, never both");
            }
            else
            {
                files.Add((path, Text(fields, value, "a file's content") ?? ""));
            }
        }

        return files.ToImmutable();
    }

    private static bool Lies(RelativePath inner, RelativePath outer) => inner.ToBytes().AsSpan().StartsWith([.. outer.ToBytes(), (byte)'/']);

    private static string Script(FieldReader fields)
    {
        if (fields.Take("script") is not { } node || Text(fields, node, "\"script\"") is not { } script)
        {
            return "";
        }

        if (string.IsNullOrWhiteSpace(script) || script.Contains('\0', StringComparison.Ordinal))
        {
            fields.Report(node, "\"script\" is empty or holds NUL", "write a shell script, or leave it out");
        }

        return script;
    }

    private static string? Text(FieldReader fields, YamlNode node, string what)
    {
        var text = ValueReader.Text(fields, node, what);
        if (text is not null && Encoding.UTF8.GetByteCount(text) > LongestText)
        {
            fields.Report(node, $"{what} is too long", string.Create(CultureInfo.InvariantCulture, $"keep it within {LongestText} bytes"));
        }

        return text;
    }
}
