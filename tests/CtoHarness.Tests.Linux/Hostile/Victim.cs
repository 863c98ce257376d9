using System.Diagnostics;
using System.Globalization;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>A process outside, of the same user as the attacker, that holds a secret and can be changed, traced and killed.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;
    private readonly string[] _told;

    internal Victim(IReadOnlyList<string> become, string puppet, string secret, int key, string file, string folder)
    {
        string[] line = [.. become, puppet, "victim", secret, key.ToString(CultureInfo.InvariantCulture), file];
        var start = new ProcessStartInfo(line[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var word in line.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["TOKEN"] = secret;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        Key = key.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        _told = _process.StandardOutput.ReadLine()!.Split(' ');
    }

    internal string Id => _told[0];

    internal string SecretAt => _told[1];

    internal string FirstAt => _told[2];

    internal string SecondAt => _told[3];

    internal string Descriptor => _told[4];

    internal string Key { get; }

    /// <summary>Whether it was ended by somebody.</summary>
    internal bool IsDead => _process.WaitForExit(50);

    internal string Limits => File.ReadAllText($"/proc/{Id}/limits");

    internal string Niceness => File.ReadAllText($"/proc/{Id}/stat").Split(' ')[18];

    /// <summary>What became of its memory: what a foreign call could write to, its memory file, what it shares.</summary>
    internal string[] Say()
    {
        _process.StandardInput.WriteLine("say");
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()!.Split('|');
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
