using System.Collections.Immutable;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Cases;

/// <summary>Reads <c>verify/cases.yaml</c>, schema <c>cases.v1.json</c>.</summary>
public static class CasesDocument
{
    /// <summary>Reads how a fixture's result is verified.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The cases, what draws further ones and what must hold of the tree; or all problems of the file.</returns>
    public static Parsed<CaseSet> Read(string where, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<CaseSet>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/cases/v1");
        var target = Target(fields);
        var limits = Limits(fields);
        var cases = ImmutableArray<VerificationCase>.Empty;
        Generator? generator = null;
        if (target is null)
        {
            _ = (fields.Take("cases"), fields.Take("generator")); // what they may hold depends on the target
        }
        else if (target is not CaseTarget.Tree)
        {
            cases = Cases(fields, target is CaseTarget.Command);
            generator = fields.Take("generator") is { } node
                ? GeneratorReader.Read(new FieldReader(where, node, problems), node, target is CaseTarget.Command)
                : null;
        }

        var predicates = Predicates(fields, required: target is CaseTarget.Tree);
        fields.Finish();
        return problems.Count > 0
            ? new Parsed<CaseSet>.Refused([.. problems])
            : new Parsed<CaseSet>.Value(new CaseSet(target!, limits, cases, generator, predicates));
    }

    private static CaseTarget? Target(FieldReader fields)
    {
        var (function, command, tree) = (fields.Take("function"), fields.Take("command"), fields.Take("tree"));
        var given = new[] { function, command, tree }.OfType<YamlNode>().ToList();
        if (given.Count == 0)
        {
            fields.Missing("function", "add function: {file: FILE, name: NAME}, or command: [PROGRAM, ONE], or tree: true");
            return null;
        }

        if (given.Count > 1)
        {
            fields.Report(given[1], "only one of \"function\", \"command\" and \"tree\" may stand here", "keep the one that the cases are put to");
        }

        if (function is not null)
        {
            return Callable(new FieldReader(fields.Where, function, fields.Problems));
        }

        return command is not null ? Command(fields, command) : OfTree(fields, tree!);
    }

    private static CaseTarget.Callable Callable(FieldReader fields)
    {
        var file = fields.Path("file");
        var name = fields.Text("name");
        if (name.Length > 0 && !CaseReader.IsIdentifier(name))
        {
            fields.Report(fields.At("name"), $"name is {PlainText.Quote(name)}", "write the function's name: letters, digits and underscores, a digit not first");
        }

        fields.Finish();
        return new CaseTarget.Callable(file, name);
    }

    private static CaseTarget.Command Command(FieldReader fields, YamlNode node)
    {
        ImmutableArray<string> words = [.. fields.Texts("command", required: true).Select(word => word.Text)];
        if (node is YamlNode.Sequence { Items.IsEmpty: true })
        {
            fields.Report(node, "\"command\" names no program", "write command: [PROGRAM, ONE]");
        }

        return new CaseTarget.Command(words);
    }

    private static CaseTarget.Tree OfTree(FieldReader fields, YamlNode node)
    {
        if (node is not YamlNode.Scalar { IsPlain: true, Text: "true" })
        {
            fields.Report(node, "\"tree\" can only be true", "write tree: true, or leave it out");
        }

        return new CaseTarget.Tree();
    }

    private static CaseLimits Limits(FieldReader fields)
    {
        if (fields.Take("limits") is not { } node)
        {
            return CaseLimits.Default;
        }

        var inner = new FieldReader(fields.Where, node, fields.Problems);
        var limits = new CaseLimits(
            inner.Whole("seconds", 1, 600, required: false) ?? CaseLimits.Default.Seconds,
            inner.Whole("answer_bytes", 1, 1 << 20, required: false) ?? CaseLimits.Default.AnswerBytes);
        inner.Finish();
        return limits;
    }

    private static ImmutableArray<VerificationCase> Cases(FieldReader fields, bool isCommand)
    {
        var items = fields.Items("cases", required: true, CaseSet.MostCases);
        if (fields.Take("cases") is YamlNode.Sequence { Items.IsEmpty: true } empty)
        {
            fields.Report(empty, "\"cases\" names no case", "add at least one");
        }

        var cases = ImmutableArray.CreateBuilder<VerificationCase>(items.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var read = CaseReader.Read(new FieldReader(fields.Where, item, fields.Problems), item, isCommand);
            if (read.Name.Length > 0 && !names.Add(read.Name))
            {
                fields.Report(item, $"case {PlainText.Quote(read.Name)} stands here twice", "give each case its own name");
            }

            cases.Add(read);
        }

        return cases.ToImmutable();
    }

    private static ImmutableArray<TreePredicate> Predicates(FieldReader fields, bool required)
    {
        var items = fields.Items("predicates", required, CaseSet.MostCases);
        if (required && fields.Take("predicates") is YamlNode.Sequence { Items.IsEmpty: true } empty)
        {
            fields.Report(empty, "\"predicates\" names nothing that must hold", "add at least one");
        }

        return [.. items.Select(item => PredicateReader.Read(fields.Where, item, fields.Problems)).OfType<TreePredicate>()];
    }
}
