using System.Diagnostics;
using System.Text;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>A program of the machine that a test needs: git, python3, cp.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program, which must succeed.</summary>
    public static string Run(string program, params string[] words) => Run(Patience, program, words);

    /// <summary>Runs a program, which must succeed, and may take so long.</summary>
    public static string Run(TimeSpan limit, string program, params string[] words)
    {
        var (exit, text) = Try(limit, program, words);
        Assert.True(exit == 0, $"{program} {string.Join(' ', words)} ended with exit code {exit}: {text}");
        return text;
    }

    /// <summary>Runs a program and gives its exit code and everything that it wrote.</summary>
    public static (int Exit, string Text) Try(string program, params string[] words) => Try(Patience, program, words);

    private static (int Exit, string Text) Try(TimeSpan limit, string program, params string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var text = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', words)} did not end within {limit}: {text}");
        }

        process.WaitForExit();
        return (process.ExitCode, text.ToString());

        void Append(string? line)
        {
            lock (text)
            {
                text.Append(line).Append(line is null ? "" : "\n");
            }
        }
    }
}
