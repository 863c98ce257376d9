using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>Runs of real agents and their stand-ins, with a scripted provider as the model.</summary>
internal static class AgentRuns
{
    /// <summary>The model that the engines of the harness root call.</summary>
    public const string Model = "qwen3.6-35b-a3b";

    /// <summary>The provider's key: it may be found nowhere but in what the provider is asked.</summary>
    public const string Key = "sk-3rT9uVbQ7xLm2Wd8NcKp5Zf1";

    /// <summary>The variable of whoever asks that holds it.</summary>
    public const string KeyVariable = "LOCAL_QWEN_TOKEN";

    /// <summary>Starts a provider that has the engines' model, and wants the key.</summary>
    public static ScriptedProvider Provider(Script script) => new(script) { Key = Key, Models = [Model] };

    /// <summary>A run of the real Pi from npm.</summary>
    public static HarnessCommand Pi(this TempRoot root, string url, params string[] words)
    {
        root.UseProvider(url);
        return root.Run("--engine", "pi").With(words)
            .Set("CTO_HARNESS_ALLOW_PI", "1").Set("CTO_HARNESS_PI_STAGE", "2")
            .Set("CTO_HARNESS_PI_BIN", InstalledAgents.Pi).Set("CTO_HARNESS_NODE_BIN", InstalledAgents.Node)
            .Set(KeyVariable, Key) with { Limit = TimeSpan.FromMinutes(4) };
    }

    /// <summary>The same without Pi's own retries, which take up to twenty seconds: whose fault it is does not depend on them.</summary>
    public static HarnessCommand PiOnce(this TempRoot root, string url, params string[] words)
    {
        root.Edit("harness/engines/pi.yaml", "files:\n", """
            files:
              - place: home
                path: .pi/agent/settings.json
                form: json
                text: |
                  {"retry": {"enabled": false, "provider": {"maxRetries": 0}}}

            """);
        return root.Pi(url, words);
    }

    /// <summary>A run of the program that the variable names as Case, or else of the stand-in, which says that it is one.</summary>
    public static HarnessCommand Case(this TempRoot root, string url, params string[] words)
    {
        root.UseProvider(url);
        var program = Environment.GetEnvironmentVariable("CTO_HARNESS_CASE_BIN");
        if (string.IsNullOrEmpty(program))
        {
            program = root.At("programs/ca");
            Directory.CreateDirectory(root.At("programs"));
            File.Copy(Repository.At("tests", "CtoHarness.Tests.Linux", "Backends", "ca"), program, overwrite: true);
            root.Edit("harness/engines/case.yaml", "kind: case\n", "kind: case\nstand_in: true\n");
        }

        return root.Run("--engine", "case").With(words)
            .Set("CTO_HARNESS_ALLOW_CASE", "1").Set("CTO_HARNESS_CASE_STAGE", "2")
            .Set("CTO_HARNESS_CASE_BIN", program).Set(KeyVariable, Key) with { Limit = TimeSpan.FromMinutes(4) };
    }

    /// <summary>Whether the runs of Case are runs of the stand-in.</summary>
    public static bool IsCaseStandIn => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CTO_HARNESS_CASE_BIN"));

    /// <summary>Lays the address of a provider over the harness's own, as a user does it.</summary>
    public static void UseProvider(this TempRoot root, string url) => root.Write(
        "home/.config/cto-harness/models.yaml",
        $"""
        schema: cto-harness/models/v1
        providers:
          - name: qwen-local
            base_url: {url}
            key_env: {KeyVariable}
            stand_in: true

        """);

    /// <summary>Sets a value of the gateway in this test's policy.</summary>
    public static void Limit(this TempRoot root, string name, long value)
    {
        var path = root.At("harness/policy.yaml");
        var lines = File.ReadAllLines(path);
        var at = Array.FindIndex(lines, line => line.StartsWith($"  {name}: ", StringComparison.Ordinal));
        Assert.True(at >= 0, $"the policy has no {name}");
        lines[at] = $"  {name}: {value}";
        File.WriteAllLines(path, lines);
    }
}
