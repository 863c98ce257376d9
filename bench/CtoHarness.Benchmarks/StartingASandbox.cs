using System.Collections.Immutable;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Benchmarks;

/// <summary>What does each layer add to the start of a program, and to a mix of git, node and python?</summary>
/// <remarks><c>CTO_HARNESS_INIT</c> names the folder of a published sandbox-init.</remarks>
public class StartingASandbox
{
    private const string Mix = "git init -q g && cd g && echo a > a && git add a && git -c user.name=a -c user.email=a@b commit -qm a && git log -p > /dev/null && python3 -c 'import json, unittest, tempfile' && node -e 'require(\"fs\").readdirSync(\"/usr/lib\")' && cd .. && rm -rf g";
    private const string Loop = "import os\nfor i in range(2000):\n    open('a', 'w').close(); os.rename('a', 'b'); os.unlink('b')\n";

    private SandboxTools? _tools;
    private SandboxPolicy? _policy;
    private string _roots = "";

    /// <summary>Which layers there are.</summary>
    [Params("bubblewrap", "filtered", "observed")]
    public string Layers { get; set; } = "";

    /// <summary>Draws up the sandbox.</summary>
    [GlobalSetup]
    public void Make()
    {
        _tools = HostView.Tools().Tools;
        _roots = Directory.CreateTempSubdirectory("cto-bench-").FullName;
        File.SetUnixFileMode(_roots, (UnixFileMode)511);
        var init = Environment.GetEnvironmentVariable("CTO_HARNESS_INIT") ?? throw new InvalidOperationException("CTO_HARNESS_INIT names no folder");
        _policy = new SandboxPolicy(
            ["/root", "/home", "/run"], [], [new SandboxBind(_roots, _roots, true)], _roots,
            new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = _roots }.ToImmutableSortedDictionary(StringComparer.Ordinal), RunPolicy.BuiltIn.Limits, 64_000)
        {
            Init = new InitPlace(init, Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))),
            Confinement = Layers == "bubblewrap" ? null : new Confinement(Confinement.NewestLandlock, [_roots], Confinement.Devices, SeccompFilter.For(LaneSandbox.Machine!.Value, Layers == "observed"), Layers == "observed", 0),
        };
    }

    /// <summary>Removes its folder.</summary>
    [GlobalCleanup]
    public void Remove() => Directory.Delete(_roots, recursive: true);

    /// <summary>A program that does nothing.</summary>
    [Benchmark]
    public void Start() => Run("/bin/true");

    /// <summary>A commit, a python and a node.</summary>
    [Benchmark]
    public void GitNodePython() => Run("/bin/sh", "-c", Mix);

    /// <summary>2,000 files made, renamed and removed.</summary>
    [Benchmark]
    public void TwoThousandFiles() => Run("/usr/bin/python3", "-c", Loop);

    private void Run(params string[] words)
    {
        using var log = new AttemptLog(null);
        var init = new InitChannel(new Supervisor(new PlaceMap([_roots, .. Confinement.Devices], []), LaneSandbox.Machine!.Value, log, TimeProvider.System), null);
        var outcome = new Bubblewrap(_tools!).Run(
            _policy!, new EngineCommand(words[0], [.. words.Skip(1)], ImmutableSortedDictionary<string, string>.Empty), TimeSpan.FromSeconds(60),
            ByteSink.Nowhere(), ByteSink.Nowhere(), CancellationToken.None, init: init);
        if (outcome.ExitCode != 0)
        {
            throw new InvalidOperationException($"the program ended with {outcome.ExitCode}; {init.Failure}");
        }
    }
}
