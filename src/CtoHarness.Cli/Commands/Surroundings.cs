using System.Collections;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary>What a command finds around it: variables, folders, the harness root.</summary>
internal static class Surroundings
{
    internal static IReadOnlyDictionary<string, string> Environment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string)(entry.Value ?? "");
        }

        return variables;
    }

    internal static Parsed<HarnessRoot> OpenRoot(string? named, StateFolders folders)
    {
        var folder = named ?? (HarnessProgram.Checkout() is { } checkout ? Path.Combine(checkout, "harness") : null);
        return folder is null
            ? new Parsed<HarnessRoot>.Refused([new Problem("--harness-root", "no harness root was found beside the program", "name one with --harness-root DIR")])
            : HarnessRoot.Open(folder.Length > 0 ? folder : ".", folders.Configuration);
    }

    internal static IEnumerable<Problem> CheckProfile(string? profile)
    {
        if (profile is not null && (profile.Length is 0 or > 64 || profile[0] == '.' || !profile.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')))
        {
            yield return new Problem("--profile", $"{PlainText.Quote(profile)} is no profile's name", "use letters, digits, '.', '_' and '-', not starting with '.'");
        }
    }

    internal static IEnumerable<Problem> CheckKeys(StateFolders folders)
    {
        if (folders.CannotKeepKeys() is { Length: > 0 } reason)
        {
            yield return new Problem("--keys-dir", $"{PlainText.Quote(folders.Keys)} can hold no keys: {reason}", "name another folder with --keys-dir or CTO_HARNESS_KEYS_DIR");
        }
    }

    internal static string? RealPath(string path) => path.Length > 0 ? HostPaths.Real(path) : null;

    internal static string CannotHide(string real, StateFolders folders) =>
        !HostPaths.CanHide(real) ? "programs in the sandbox need it"
        : (folders.State + "/").StartsWith(real + "/", StringComparison.Ordinal) ? "the run's own workspace lies in it; name another folder with --state-dir"
        : "";
}
