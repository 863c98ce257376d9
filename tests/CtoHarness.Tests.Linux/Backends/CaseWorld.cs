using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>A home, a workspace and a task, laid out as Case wants to find them, without the harness.</summary>
internal sealed class CaseWorld : IDisposable
{
    public const string Slug = "fixture-1-slugify";

    private readonly TempRoot _root = new();

    private readonly string _program;

    /// <summary>Makes it.</summary>
    /// <param name="url">The provider's base URL.</param>
    /// <param name="profile">standard or tiny.</param>
    /// <param name="files">The workspace; by default the one of the transcripts.</param>
    public CaseWorld(string url, string profile = "standard", ImmutableDictionary<string, string>? files = null)
    {
        _program = StandInCase.Install(_root);
        foreach (var (name, text) in files ?? TranscriptScenarios.Workspace)
        {
            _root.Write("place/ws/" + name, text);
        }

        Git("init", "-q", "-b", "feat/slugify");
        Git("config", "user.name", "Somebody");
        Git("config", "user.email", "somebody@example.invalid");
        _root.Write("place/ws/.git/info/exclude", ".case/\n__pycache__/\n");
        Git("add", "-A");
        Git("commit", "-q", "-m", "base");
        Configure(url);
        Write(TaskFile, new
        {
            id = Slug, status = "active", created = "2026-11-22T00:00:00Z", repo = "fixture", issueType = "freeform", issue = "slugify", branch = "feat/slugify",
            mode = "unattended", profile, agents = new { }, tested = false, manualTested = false, prUrl = (string?)null, prNumber = (int?)null,
        });
        _root.Write($"place/ws/.case/tasks/active/{Slug}.md", "# Implement slugify\n\nThe number of this run is 4711.\n");
        _root.Write("place/ws/.case/active", Slug);
        Variables = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin", ["HOME"] = _root.Home, ["LANG"] = "C.UTF-8", ["OPENAI_API_KEY"] = "none",
        }.ToImmutableDictionary();
        // A model may write beside the workspace: nothing here forbids it.
        OrdinaryRights.Give(_root.At("place"), _root.Home);
    }

    /// <summary>The environment of the program.</summary>
    public ImmutableDictionary<string, string> Variables { get; set; }

    /// <summary>What --mode says.</summary>
    public string Mode { get; set; } = "unattended";

    public string Workspace => _root.At("place/ws");

    public string TaskFile => _root.At($"place/ws/.case/tasks/active/{Slug}.task.json");

    /// <summary>The event logs, the oldest first.</summary>
    public string[] Logs => Directory.Exists(_root.At($"place/ws/.case/{Slug}/events"))
        ? [.. new DirectoryInfo(_root.At($"place/ws/.case/{Slug}/events")).GetFiles().OrderBy(file => file.LastWriteTimeUtc).Select(file => file.FullName)]
        : [];

    public string At(string name) => _root.At(name);

    /// <summary>The lines of the one event log.</summary>
    public JsonNode[] Events() => [.. File.ReadAllLines(Assert.Single(Logs)).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Starts the program.</summary>
    public Process Start()
    {
        string[] line = [.. OrdinaryRights.Prefix, _program, "run", "--task", TaskFile, "--mode", Mode];
        var start = new ProcessStartInfo(line[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var word in line.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs the program to its end.</summary>
    public (int Exit, string Output, string Error) Run()
    {
        using var process = Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the stand-in does not end");
        }

        Task.WaitAll(output, error);
        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Writes a value as JSON to a file of the world.</summary>
    public void Write(string path, object value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root.Folder, path))!);
        File.WriteAllText(Path.Combine(_root.Folder, path), JsonSerializer.Serialize(value));
    }

    public string Git(params string[] words) => PlainGit.Run(["-c", "safe.directory=*", "-C", Workspace, .. words]);

    public void Dispose() => _root.Dispose();

    private void Configure(string url)
    {
        Write("home/.config/case/projects.json", new
        {
            repos = new[]
            {
                new
                {
                    name = "fixture", type = "library", path = Workspace, remote = "none", description = "slugify", language = "python", packageManager = "pip",
                    commands = new { setup = "true", test = "python3 -m unittest" },
                },
            },
        });
        Write("home/.config/case/config.json", new { models = new Dictionary<string, object> { ["default"] = new { provider = "openai", model = ScriptedProvider.Model } } });
        Write("home/.pi/agent/models.json", new
        {
            providers = new { openai = new { baseUrl = url, api = "openai-completions", apiKey = "none", models = new[] { new { id = ScriptedProvider.Model, name = ScriptedProvider.Model } } } },
        });
    }
}
