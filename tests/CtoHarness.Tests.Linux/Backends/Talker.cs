using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>A small program that calls the model once, and then does and says what it is told to: an engine of the kind command.</summary>
internal static class Talker
{
    private const string Asks = """
        #!/usr/bin/python3
        import json, os, sys, urllib.error, urllib.request
        url, model, nonce = sys.argv[1:4]
        def ask(model, text):
            body = json.dumps({"model": model, "messages": [{"role": "user", "content": text}]}).encode()
            try:
                return urllib.request.urlopen(urllib.request.Request(url + "/chat/completions", body, {"Content-Type": "application/json"})).read()
            except urllib.error.HTTPError as refused:
                return refused.read()
        ask(model, sys.stdin.read())
        out = sys.stdout.buffer

        """;

    /// <summary>The rest of a program that asks for another model, does the work, and says so.</summary>
    public static string Solves(TempRoot root) => $$"""
        ask("another", "hello")
        open("strings.py", "w").write({{System.Text.Json.JsonSerializer.Serialize(File.ReadAllText(Path.Combine(root.FixtureFolder, "solution/strings.py")))}})
        out.write(b"{\"type\":\"work\"}\n{\"type\":\"done\"}\nthat is all\n")
        """;

    /// <summary>A run of it.</summary>
    /// <param name="root">The test's world.</param>
    /// <param name="url">The provider.</param>
    /// <param name="rest">What it does after its call.</param>
    /// <param name="required">The records that it must show.</param>
    public static HarnessCommand Run(TempRoot root, string url, string rest, string required = "[done]")
    {
        root.UseProvider(url);
        root.Limit("refused_models", 1);
        root.Write("programs/talker", Asks + rest + "\n");
        Tool.Run("/bin/chmod", "-R", "755", root.At("programs"));
        root.Write("harness/engines/talker.yaml", $$"""
            schema: cto-harness/engine/v1
            name: talker
            kind: command
            title: Says what it likes
            executable: {name: talker, variable: CTO_HARNESS_TALKER_BIN}
            wire: openai-chat-completions
            model: {provider: qwen-local, name: {{AgentRuns.Model}}}
            arguments: ["${base_url}", "${model}", "${nonce}"]
            input: "${instruction} ${nonce}"
            output: {wire: json-lines}
            required_records: {{required}}

            """);
        return root.Run("--engine", "talker")
            .Set("CTO_HARNESS_ALLOW_TALKER", "1").Set("CTO_HARNESS_TALKER_STAGE", "2")
            .Set("CTO_HARNESS_TALKER_BIN", root.At("programs/talker")).Set(AgentRuns.KeyVariable, AgentRuns.Key);
    }
}
