using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Models;

/// <summary>Reads <c>models.yaml</c>, schema <c>models.v1.json</c>, over what already holds.</summary>
public static class ModelsDocument
{
    private const int MostProviders = 1000;
    private const int MostModels = 10_000;

    /// <summary>Lays a file over a registry.</summary>
    /// <param name="where">What to call the file in problems.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="below">What holds where the file says nothing; null for nothing.</param>
    /// <returns>The registry, or all problems of the file.</returns>
    public static Parsed<ModelRegistry> Read(string where, ReadOnlySpan<byte> bytes, ModelRegistry? below = null)
    {
        var document = YamlText.Read(where, bytes);
        if (document is not Parsed<YamlNode>.Value { Result: var root })
        {
            return new Parsed<ModelRegistry>.Refused(((Parsed<YamlNode>.Refused)document).Problems);
        }

        var problems = new List<Problem>();
        var fields = new FieldReader(where, root, problems);
        fields.Schema("cto-harness/models/v1");
        var registry = below ?? new ModelRegistry([]);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in fields.Items("providers", required: true, MostProviders))
        {
            registry = ReadProvider(new FieldReader(where, item, problems), item, registry, named);
        }

        fields.Finish();
        return problems.Count > 0 ? new Parsed<ModelRegistry>.Refused([.. problems]) : new Parsed<ModelRegistry>.Value(registry);
    }

    private static ModelRegistry ReadProvider(FieldReader fields, YamlNode at, ModelRegistry registry, HashSet<string> named)
    {
        var name = fields.Text("name");
        if (name.Length > 0 && !named.Add(name))
        {
            fields.Report(at, $"the provider {PlainText.Quote(name)} stands here twice", "keep one of the two");
        }

        var below = registry.Find(name);
        var provider = ProviderFields.Read(fields, name, below);
        var models = ReadModels(fields, name, isNew: below is null);
        fields.Finish();
        return registry with
        {
            Providers = below is null ? registry.Providers.Add(provider) : registry.Providers.Replace(below, provider),
            Models = [.. registry.Models.Where(old => !models.Any(one => one.Model == old.Model)), .. models],
        };
    }

    private static List<(ModelName Model, ModelAdmission Admission)> ReadModels(FieldReader provider, string name, bool isNew)
    {
        var models = new List<(ModelName Model, ModelAdmission Admission)>();
        foreach (var item in provider.Items("models", required: isNew, MostModels))
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

            if (model.Name.Length > 0 && models.Any(one => one.Model == model))
            {
                fields.Report(item, $"{PlainText.Quote(model.ToString())} stands here twice", "keep one of the two");
            }

            models.Add((model, word == "admitted" ? ModelAdmission.Admitted : ModelAdmission.Refused));
        }

        return models;
    }
}
