using System.Globalization;
using System.Reflection;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;

namespace CtoHarness.Runtime.Storage;

/// <summary>Finds out which harness this is.</summary>
public static class HarnessProgram
{
    private const long MostStatus = 4 << 20;

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(HarnessProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Whether this program is one file with everything in it, as a release has it; otherwise its parts lie beside it.</summary>
    public static bool IsSingleFile { get; } = !File.Exists(Path.Combine(AppContext.BaseDirectory, "CtoHarness.Runtime.dll"));

    /// <summary>The folder that holds <c>harness/</c>, found upwards from the program.</summary>
    /// <returns>The checkout, or null where the program stands alone.</returns>
    public static string? Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "harness", "policy.yaml")))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    /// <summary>Digests the program and asks git about its checkout.</summary>
    /// <param name="interrupt">Ends it early.</param>
    internal static HarnessIdentity Identify(CancellationToken interrupt)
    {
        var text = new StringBuilder();
        var own = IsSingleFile ? [Environment.ProcessPath!] : Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll");
        foreach (var path in own.Concat(InitProgram.Files).Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Digest.Of(File.ReadAllBytes(path)).Hex} {Path.GetRelativePath(AppContext.BaseDirectory, path)}\n");
        }

        var (commit, clean) = Checkout() is { } checkout && Path.Exists(Path.Combine(checkout, ".git")) ? State(checkout, interrupt) : (null, null);
        return new HarnessIdentity(Version, Digest.Of(Encoding.UTF8.GetBytes(text.ToString())), commit, clean);
    }

    /// <summary>What the identity says of a run from this data: data outside the checkout is no part of its commit.</summary>
    internal static HarnessIdentity ForRoot(HarnessIdentity identity, string root) =>
        Checkout() is { } checkout && (root + "/").StartsWith(checkout + "/", StringComparison.Ordinal) ? identity : identity with { WorktreeClean = null };

    // A checkout whose state git cannot tell is "unknown", which satisfies nothing.
    private static (string? Commit, bool? Clean) State(string checkout, CancellationToken interrupt)
    {
        try
        {
            var lines = Encoding.UTF8.GetString(Git.Run(checkout, "", ["status", "--porcelain=v2", "--branch"], MostStatus, interrupt)).Split('\n');
            const string oid = "# branch.oid ";
            var commit = lines.FirstOrDefault(line => line.StartsWith(oid, StringComparison.Ordinal))?[oid.Length..];
            return commit is { Length: 40 or 64 } && commit.All(char.IsAsciiHexDigitLower)
                ? (commit, lines.All(line => line.Length == 0 || line[0] == '#'))
                : (null, null);
        }
        catch (Exception unknown) when (unknown is GitException or IOException)
        {
            return (null, null);
        }
    }
}
