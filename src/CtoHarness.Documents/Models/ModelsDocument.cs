using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Models;

/// <summary>Reads <c>models.yaml</c>, schema <c>models.v1.json</c>.</summary>
public static class ModelsDocument
{
    /// <summary>Reads the registry.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="bytes">The file.</param>
    /// <returns>The registry, or all its problems.</returns>
    public static Parsed<ModelRegistry> Read(string where, ReadOnlySpan<byte> bytes)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<ModelRegistry>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/models/v1");
        var models = ImmutableArray.CreateBuilder<(ModelName, ModelAdmission)>();
        foreach (var provider in Items(fields, "providers"))
        {
            ReadProvider(new FieldReader(where, provider, problems), models);
        }

        fields.Finish();
        return problems.Count > 0
            ? new Parsed<ModelRegistry>.Refused([.. problems])
            : new Parsed<ModelRegistry>.Value(new ModelRegistry(models.ToImmutable()));
    }

    private static void ReadProvider(FieldReader provider, ImmutableArray<(ModelName Model, ModelAdmission)>.Builder models)
    {
        var name = provider.Text("name");
        provider.Text("title");
        foreach (var item in Items(provider, "models"))
        {
            var fields = new FieldReader(provider.Where, item, provider.Problems);
            var model = new ModelName(name, fields.Text("name"));
            var word = fields.Text("admission");
            fields.OptionalText("note");
            fields.Finish();
            if (word is not ("admitted" or "refused" or ""))
            {
                fields.Report(item, $"admission is {PlainText.Quote(word)}", "write admitted or refused");
            }

            if (model.Name.Length > 0 && models.Any(m => m.Model == model))
            {
                fields.Report(item, $"{PlainText.Quote(model.ToString())} stands here twice", "keep one of the two");
            }

            models.Add((model, word == "admitted" ? ModelAdmission.Admitted : ModelAdmission.Refused));
        }

        provider.Finish();
    }

    private static ImmutableArray<YamlNode> Items(FieldReader fields, string name)
    {
        switch (fields.Take(name))
        {
            case YamlNode.Sequence sequence:
                return sequence.Items;
            case null:
                fields.Missing(name, $"add {name}: with a list");
                return [];
            case var other:
                fields.Report(other, $"{PlainText.Quote(name)} must be a list", "start each item with a hyphen");
                return [];
        }
    }
}
