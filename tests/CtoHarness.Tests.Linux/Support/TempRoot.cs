using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>A world of its own for one test: home, state, runs, and a copy of the harness root that it may edit.</summary>
internal sealed class TempRoot : IDisposable
{
    public const string Fixture = "r1-string-slugify";

    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string DotnetFolder = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private static int _number;

    /// <summary>Makes the folders.</summary>
    /// <param name="below">Where; the folder's path must be open to all, since as root a sandbox runs under a user of its own.</param>
    public TempRoot(string below = "/var/tmp")
    {
        Marker = string.Create(CultureInfo.InvariantCulture, $"cto-linux-{Environment.ProcessId}-{Interlocked.Increment(ref _number)}-");
        Folder = Path.Combine(below, Marker);
        foreach (var name in new[] { "", "home", "state", "tmp", "xdg" })
        {
            Directory.CreateDirectory(Path.Combine(Folder, name));
            File.SetUnixFileMode(Path.Combine(Folder, name), Open);
        }

        Tool.Run("/bin/cp", "-R", Repository.At("harness"), Harness);
    }

    /// <summary>A text that occurs in every path of this test, and in no other test's.</summary>
    public string Marker { get; }

    public string Folder { get; }

    public string Home => At("home");

    public string State => At("state");

    public string Runs => At("runs");

    public string Work => At("state/work");

    public string Harness => At("harness");

    public string FixtureFolder => At("harness/fixtures/" + Fixture);

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>A call of the command with this test's folders, and nothing of the environment of whoever runs the tests.</summary>
    public HarnessCommand Command(params string[] words) => new(this, [.. words])
    {
        Folder = Folder,
        Variables = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:" + DotnetFolder,
            ["LANG"] = "C.UTF-8",
            ["HOME"] = Home,
            ["TMPDIR"] = At("tmp"),
            ["XDG_STATE_HOME"] = At("xdg"),
            ["CTO_HARNESS_RUNS_DIR"] = Runs,
            ["CTO_HARNESS_STATE_DIR"] = State,
            ["DOTNET_ROOT"] = DotnetFolder,
        }.ToImmutableDictionary(),
    };

    /// <summary>A run of the fixture in this test's harness root.</summary>
    public HarnessCommand Run(params string[] words) => Command(["run", Fixture, "--harness-root", Harness, .. words]);

    /// <summary>A run whose backend is this shell script: $1 is the solution's folder, $2 the workspace, where it starts.</summary>
    public HarnessCommand Backend(string script, params string[] words)
    {
        Write("harness/engines/fake/engine.sh", script);
        return Run(words);
    }

    /// <summary>Lets everybody read all of it, but for the harness's own key: with one that others may read no run is made.</summary>
    public void OpenToAll()
    {
        Tool.Run("/bin/chmod", "-R", "a+rX", Folder);
        if (Directory.Exists(At("home/.config")))
        {
            Tool.Run("/bin/chmod", "-R", "go-rwx", At("home/.config"));
        }
    }

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    /// <summary>Replaces a text in a file, which must be there.</summary>
    public void Edit(string name, string old, string now)
    {
        var text = File.ReadAllText(At(name));
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(At(name), text.Replace(old, now, StringComparison.Ordinal));
    }

    /// <summary>Fails where a run left anything in its scratch folder.</summary>
    public void AssertNoScratch() => Assert.Empty(Directory.Exists(Work) ? Directory.GetFileSystemEntries(Work) : []);

    public void Dispose()
    {
        // By rm: it gets along with whatever a backend left.
        Tool.Try("/bin/chmod", "-R", "u+rwX", Folder);
        Tool.Try("/bin/rm", "-rf", "--one-file-system", Folder);
    }
}
