using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Reads what must hold of a tree: a mapping of exactly one field.</summary>
internal static class PredicateReader
{
    private const string Known = "absent, present, nowhere, somewhere, change_at_most";
    private const long MostFiles = 1_000_000;
    private const long MostBytes = 1L << 40;

    /// <summary>Reads a predicate; null where it was reported.</summary>
    internal static TreePredicate? Read(string where, YamlNode node, List<Problem> problems)
    {
        var before = problems.Count;
        var fields = new FieldReader(where, node, problems);
        if (node is not YamlNode.Mapping { Fields: [var (kind, inner)] })
        {
            if (node is YamlNode.Mapping)
            {
                fields.Report(node, "a predicate has exactly one field", $"write one of {Known}");
            }

            return null;
        }

        TreePredicate? predicate = kind.Text switch
        {
            "absent" => new TreePredicate.Absent(fields.Path("absent")),
            "present" => new TreePredicate.Present(fields.Path("present")),
            "nowhere" => Occurring(new FieldReader(where, inner, problems)) is var (text, files) ? new TreePredicate.Nowhere(text, files) : null,
            "somewhere" => Occurring(new FieldReader(where, inner, problems)) is var (text, files) ? new TreePredicate.Somewhere(text, files) : null,
            "change_at_most" => AtMost(new FieldReader(where, inner, problems)),
            _ => null,
        };
        if (predicate is null && problems.Count == before)
        {
            fields.Report(kind, $"{PlainText.Quote(kind.Text)} is no predicate", $"write one of {Known}");
        }

        return problems.Count == before ? predicate : null;
    }

    private static (string Text, PathPattern Files)? Occurring(FieldReader fields)
    {
        string? text = null;
        if (fields.Take("text") is { } node)
        {
            text = ValueReader.Text(fields, node, "\"text\"");
        }
        else
        {
            fields.Missing("text");
        }

        if (text is "")
        {
            fields.Report(fields.At("text"), "\"text\" is empty", "write a text that a file may hold");
        }

        var files = fields.Text("files");
        if (!PathPattern.TryParse(files, out var pattern) && files.Length > 0)
        {
            fields.Report(fields.At("files"), $"{PlainText.Quote(files)} is no pattern", "write a relative path in which * and ** may stand");
        }

        fields.Finish();
        return text is { Length: > 0 } && pattern is not null ? (text, pattern) : null;
    }

    private static TreePredicate.AtMost AtMost(FieldReader fields)
    {
        var (files, bytes) = (fields.Whole("files", 0, MostFiles) ?? 0, fields.Whole("bytes", 0, MostBytes) ?? 0);
        fields.Finish();
        return new TreePredicate.AtMost(files, bytes);
    }
}
