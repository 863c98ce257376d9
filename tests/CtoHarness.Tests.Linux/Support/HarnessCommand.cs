using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>One call of the built command, described first and started later.</summary>
internal sealed record HarnessCommand(TempRoot Root, ImmutableArray<string> Words)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The program; by default the script that a user types.</summary>
    public string Program { get; init; } = Repository.Command;

    /// <summary>What stands before the program on the command line, such as strace.</summary>
    public ImmutableArray<string> Prefix { get; init; } = [];

    /// <summary>The whole environment.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Where it is started.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>How long it may take.</summary>
    public TimeSpan Limit { get; init; } = Patience;

    public HarnessCommand With(params string[] words) => this with { Words = Words.AddRange(words) };

    public HarnessCommand Set(string name, string value) => this with { Variables = Variables.SetItem(name, value) };

    public HarnessCommand Under(params string[] prefix) => this with { Prefix = [.. prefix, .. Prefix] };

    /// <summary>Runs it to its end; afterwards no process of it is left.</summary>
    public Finished Run()
    {
        using var running = Start();
        var finished = running.Wait();
        Survivors.AssertNone(Root.Marker);
        return finished;
    }

    /// <summary>Runs it to its end while other processes of the test go on.</summary>
    public Finished Started()
    {
        using var running = Start();
        return running.Wait();
    }

    /// <summary>Starts it.</summary>
    public RunningCommand Start()
    {
        string[] line = [.. Prefix, Program, .. Words];
        var start = new ProcessStartInfo(line[0])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var word in line.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        return new RunningCommand(Process.Start(start)!, this);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Program} {string.Join(' ', Words)}");
}
