using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Policies;

/// <summary>Reads <c>policy.yaml</c>, schema <c>policy.v1.json</c>, over what already holds.</summary>
public static class PolicyDocument
{
    /// <summary>Lays a policy file over a policy.</summary>
    /// <param name="where">What to call the file in problems and sources.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="below">What holds where the file says nothing.</param>
    /// <returns>The policy, or all problems of the file.</returns>
    public static Parsed<RunPolicy> Read(string where, ReadOnlySpan<byte> bytes, RunPolicy below)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<RunPolicy>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/policy/v1");
        var policy = below;
        foreach (var group in PolicyKeys.All.GroupBy(key => key.Name.Split('.')[0]))
        {
            if (fields.Take(group.Key) is not { } node)
            {
                continue;
            }

            var inner = new FieldReader(where, node, problems);
            foreach (var key in group)
            {
                var name = key.Name[(group.Key.Length + 1)..];
                if (inner.Take(name) is { } value && ValueOf(inner, key, value) is { } setting)
                {
                    policy = policy.With(setting);
                }
            }

            inner.Finish();
        }

        fields.Finish();
        return problems.Count > 0 ? new Parsed<RunPolicy>.Refused([.. problems]) : new Parsed<RunPolicy>.Value(policy);
    }

    private static PolicySetting? ValueOf(FieldReader fields, PolicyKey key, YamlNode node)
    {
        var source = $"{fields.Where}:{node.Line}";
        return key.IsList ? Paths(fields, key, node, source) : Number(fields, key, node, source);
    }

    private static PolicySetting? Number(FieldReader fields, PolicyKey key, YamlNode node, string source)
    {
        if (node is YamlNode.Scalar { IsPlain: true } scalar
            && long.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= key.Min && number <= key.Max)
        {
            return new PolicySetting(key.Name, [number.ToString(CultureInfo.InvariantCulture)], source);
        }

        var found = node is YamlNode.Scalar { Text: var text } ? PlainText.Quote(text) : "no number";
        fields.Report(node, $"{key.Name} is {found}", $"write a whole number from {key.Min} to {key.Max}");
        return null;
    }

    private static PolicySetting? Paths(FieldReader fields, PolicyKey key, YamlNode node, string source)
    {
        if (node is not YamlNode.Sequence sequence)
        {
            fields.Report(node, $"{key.Name} must be a list", "write a list of absolute paths, or []");
            return null;
        }

        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (var item in sequence.Items)
        {
            if (item is YamlNode.Scalar { Text: { Length: > 1 and <= 4096 } path } && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal)
                && !path.Split('/').Any(name => name is "." or ".."))
            {
                paths.Add(path);
            }
            else
            {
                fields.Report(item, $"{key.Name} holds something that is no absolute path", "write paths that begin with /, without . and ..");
            }
        }

        return new PolicySetting(key.Name, paths.ToImmutable(), source);
    }
}
