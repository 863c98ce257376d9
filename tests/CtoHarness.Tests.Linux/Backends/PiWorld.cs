using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The real Pi on a copy of the fixture's workspace, without the harness: what its scenarios lead to by themselves.</summary>
internal sealed class PiWorld : IDisposable
{
    private readonly TempRoot _root = new();

    public PiWorld(string url)
    {
        Tool.Run("/bin/cp", "-R", Path.Combine(_root.FixtureFolder, "workspace"), Workspace);
        Git("init", "-q");
        Git("add", "-A");
        Git("-c", "user.name=Somebody", "-c", "user.email=somebody@example.invalid", "commit", "-q", "-m", "base");
        _root.Write("home/.pi/agent/models.json", JsonSerializer.Serialize(new { providers = new { gateway = Provider(url) } }));
        // Without this, trouble with the provider takes 20 seconds.
        _root.Write("home/.pi/agent/settings.json", JsonSerializer.Serialize(new { retry = new { enabled = false, provider = new { maxRetries = 0 } } }));
        OrdinaryRights.Give(Workspace, _root.Home, _root.At("tmp"));
    }

    public string Workspace => _root.At("ws");

    /// <summary>Runs Pi to its end.</summary>
    public (int Exit, JsonNode[] Lines) Run()
    {
        string[] line =
        [
            .. OrdinaryRights.Prefix, InstalledAgents.Node, InstalledAgents.Pi, "--mode", "json", "-p", "--no-session", "--provider", "gateway", "--model", ScriptedProvider.Model,
            "--no-extensions", "--no-skills", "--no-context-files", "--no-prompt-templates", File.ReadAllText(Path.Combine(_root.FixtureFolder, "instruction.md")),
        ];
        var start = new ProcessStartInfo(line[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Workspace };
        foreach (var word in line.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in new[] { ("PATH", "/usr/bin:/bin"), ("HOME", _root.Home), ("TMPDIR", _root.At("tmp")), ("LANG", "C.UTF-8"), ("PI_OFFLINE", "1"), ("PI_TELEMETRY", "0") })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("Pi does not end");
        }

        Task.WaitAll(output, error);
        return (process.ExitCode, [.. output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => JsonNode.Parse(one)!)]);
    }

    /// <summary>The files that are not as they were, in order, without what Python leaves.</summary>
    public string[] Changed()
    {
        Git("add", "-A");
        return [.. Git("diff", "--cached", "--name-only", "HEAD", "--", ".", ":(exclude)__pycache__").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    public string Git(params string[] words) => PlainGit.Run(["-c", "safe.directory=*", "-C", Workspace, .. words]);

    public void Dispose() => _root.Dispose();

    private static object Provider(string url) => new
    {
        baseUrl = url,
        api = "openai-completions",
        apiKey = "none",
        compat = new { supportsDeveloperRole = false, supportsReasoningEffort = false },
        models = new[]
        {
            new
            {
                id = ScriptedProvider.Model, name = ScriptedProvider.Model, reasoning = false, input = new[] { "text" }, contextWindow = 128000, maxTokens = 8192,
                cost = new { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 },
            },
        },
    };
}
