using System.Globalization;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>The schemas of the repository, judged by a validator that nobody here wrote: ajv.</summary>
internal static class Schemas
{
    private static readonly string Ajv = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".cache"),
        "cto-harness/npm-ajv-5.0.0/node_modules/.bin/ajv");

    /// <summary>Fails unless every document fits the schema.</summary>
    public static void Assert(TempRoot root, string schema, params byte[][] documents)
    {
        var (exit, text) = Validate(root, schema, documents);
        Xunit.Assert.True(exit == 0, $"{schema} refuses: {Refusals(text)}");
    }

    /// <summary>Whether the schema refuses a document.</summary>
    public static bool Refuses(TempRoot root, string schema, byte[] document) => Validate(root, schema, [document]).Exit == 1;

    /// <summary>Fails unless every file, JSON or YAML, fits the schema.</summary>
    public static void AssertFiles(string schema, params string[] paths)
    {
        var (exit, text) = Validate(schema, paths);
        Xunit.Assert.True(exit == 0, $"{schema} refuses: {Refusals(text)}");
    }

    private static string Refusals(string text) => string.Join('\n', text.Split('\n').Where(line => !line.EndsWith(" valid", StringComparison.Ordinal)));

    /// <summary>The validator's exit code for a file.</summary>
    public static int ExitOf(string schema, string path) => Validate(schema, [path]).Exit;

    private static (int Exit, string Text) Validate(TempRoot root, string schema, byte[][] documents)
    {
        var folder = Directory.CreateDirectory(root.At(string.Create(CultureInfo.InvariantCulture, $"documents-{Path.GetRandomFileName()}"))).FullName;
        for (var number = 0; number < documents.Length; number++)
        {
            File.WriteAllBytes(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number}.json")), documents[number]);
        }

        return Validate(schema, Directory.GetFiles(folder));
    }

    private static (int Exit, string Text) Validate(string schema, IReadOnlyList<string> paths)
    {
        Xunit.Assert.True(File.Exists(Ajv), $"{Ajv} is not there: run eng/setup test");
        Xunit.Assert.NotEmpty(paths);
        return Tool.Try(Ajv, ["validate", "--spec=draft2020", "--strict=true", "-s", Repository.At("schemas", schema), .. paths.SelectMany(path => new[] { "-d", path })]);
    }
}
