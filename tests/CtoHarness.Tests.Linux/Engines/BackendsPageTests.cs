using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Engines;

/// <summary>The new engine of <c>docs/backends.md</c>, made by following the page.</summary>
[Trait("Mission", "M05")]
public sealed class BackendsPageTests : IDisposable
{
    private const string Port = "8099";
    private static readonly string Page = File.ReadAllText(Repository.At("docs", "backends.md"));
    private readonly TempRoot _root = new();
    private readonly Process _model;

    public BackendsPageTests()
    {
        var port = FreePort();
        Directory.Move(_root.Harness, _root.At("my-harness"));
        SomePrograms.Executable(_root, "programs/tiny-agent", Block("python", "urllib.request"));
        _root.Write("my-harness/engines/tiny.yaml", Block("yaml", "name: tiny"));
        _root.Write("scripted.py", Block("python", "http.server").Replace(Port, port, StringComparison.Ordinal));
        File.AppendAllText(_root.At("my-harness/models.yaml"), Block("yaml", "- name: scripted").Replace(Port, port, StringComparison.Ordinal));
        _model = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["scripted.py"]) { WorkingDirectory = _root.Folder, RedirectStandardError = true, RedirectStandardInput = true })!;
        _model.ErrorDataReceived += (_, _) => { };
        _model.BeginErrorReadLine();
        Assert.True(SpinWait.SpinUntil(() => Answers(port), TimeSpan.FromSeconds(30)));
    }

    public void Dispose()
    {
        _model.Kill();
        _model.WaitForExit();
        _model.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Who_follows_it_comes_to_a_run_that_passes()
    {
        var listed = Command(["engines", "--json"]).Started().Expect(0).Json["engines"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "tiny")!;
        Assert.Null(listed["trouble"]);
        var bundle = Command(["run", TempRoot.Fixture, "--engine", "tiny"]).Started().Expect(0).Bundle().Expect("pass").AssertWhole();
        Assert.Contains("\"record\":\"finished\"", bundle.Text("backend/claims.jsonl"), StringComparison.Ordinal);
        Assert.Contains("\"finished\": 1", bundle.Text("report.json"), StringComparison.Ordinal);
        Schemas.Assert(_root, "engine.v1.json", File.ReadAllBytes(bundle.At("engine.json")));
        Command(["verify", "latest"]).Started().Expect(0);
    }

    [Fact]
    [Trait("Mission", "M06")]
    public void Who_leaves_out_the_gates_does_not() =>
        Command(["run", TempRoot.Fixture, "--engine", "tiny"], open: "0").Started().Expect(3).Bundle().Expect("blocked", "gate-closed", "gate-closed");

    [Fact]
    [Trait("Mission", "M14")]
    public void Whose_program_does_not_say_that_it_finished_does_not_either()
    {
        _root.Edit("programs/tiny-agent", "\"finished\"", "\"ended\"");
        Command(["run", TempRoot.Fixture, "--engine", "tiny"]).Started().Expect(1).Bundle().Expect("fail", "missing-required-event");
    }

    private HarnessCommand Command(string[] words, string open = "1")
    {
        var command = _root.Command(words[0] == "verify" ? words : [.. words, "--harness-root", _root.At("my-harness")]);
        return command.Set("PATH", $"{_root.At("programs")}:{command.Variables["PATH"]}").Set("TINY_PYTHON_BIN", "/usr/bin/python3")
            .Set("CTO_HARNESS_ALLOW_TINY", open).Set("CTO_HARNESS_TINY_STAGE", open == "1" ? "2" : "1");
    }

    private static string Block(string language, string mark) =>
        Page.Split($"```{language}\n").Skip(1).Select(block => block.Split("```\n")[0]).Single(block => block.Contains(mark, StringComparison.Ordinal));

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool Answers(string port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
            return client.Connected;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
