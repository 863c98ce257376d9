using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Reads <c>verify/cases.yaml</c>, schema <c>cases.v1.json</c>, far enough to know that it is sound.</summary>
public static class CasesDocument
{
    /// <summary>Reads the names of the cases.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The names in order, or all problems of the file.</returns>
    public static Parsed<IReadOnlyList<string>> ReadNames(string where, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<IReadOnlyList<string>>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/cases/v1");
        if (fields.Take("function") is { } function)
        {
            var inner = new FieldReader(where, function, problems);
            inner.Text("file");
            inner.Text("name");
            inner.Finish();
        }
        else
        {
            fields.Missing("function", "add function: {file: FILE, name: NAME}");
        }

        var names = Names(fields, root);
        fields.Finish();
        return problems.Count > 0 ? new Parsed<IReadOnlyList<string>>.Refused([.. problems]) : new Parsed<IReadOnlyList<string>>.Value(names);
    }

    private static List<string> Names(FieldReader fields, YamlNode root)
    {
        var names = new List<string>();
        if (fields.Take("cases") is not YamlNode.Sequence { Items: { Length: > 0 } cases })
        {
            if (root is YamlNode.Mapping)
            {
                fields.Report(fields.At("cases"), "\"cases\" must be a list of at least one case", "add cases: with items that have name, arguments and expected");
            }

            return names;
        }

        foreach (var item in cases)
        {
            var inner = new FieldReader(fields.Where, item, fields.Problems);
            var name = inner.Text("name");
            if (names.Contains(name))
            {
                inner.Report(item, $"case {PlainText.Quote(name)} stands here twice", "give each case its own name");
            }

            if (inner.Take("arguments") is not YamlNode.Sequence)
            {
                inner.Report(item, "\"arguments\" must be a list", "write arguments: [ONE, TWO]");
            }

            if (inner.Take("keywords") is not (null or YamlNode.Mapping))
            {
                inner.Report(item, "\"keywords\" must be named values", "write keywords: {NAME: VALUE}");
            }

            if (inner.Take("expected") is null)
            {
                inner.Report(item, "\"expected\" is missing", "add what the function must return");
            }

            inner.Finish();
            names.Add(name);
        }

        return names;
    }
}
