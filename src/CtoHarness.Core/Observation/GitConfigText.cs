using System.Collections.Immutable;
using System.Text;

namespace CtoHarness.Core.Observation;

/// <summary>Reads a git configuration that somebody hostile may have written, for what would start a program or lead elsewhere. git itself never reads it.</summary>
public static class GitConfigText
{
    private const int MostFound = 50;

    private static readonly ImmutableArray<string> Harmless = ["", "true", "false", "yes", "no", "on", "off", "0", "1", "cat", ":"];

    /// <summary>Finds the settings that act.</summary>
    /// <param name="text">The bytes of the file.</param>
    /// <returns>Their names, such as <c>core.hookspath</c>; names of subsections are left out, since they may hold anything.</returns>
    public static ImmutableArray<string> Acting(ReadOnlySpan<byte> text)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var section = "";
        var sub = false;
        var lines = Encoding.Latin1.GetString(text).Replace("\\\r\n", "", StringComparison.Ordinal).Replace("\\\n", "", StringComparison.Ordinal).Split('\n');
        foreach (var whole in lines)
        {
            var line = whole.TrimStart('\uFEFF', '\u00EF', '\u00BB', '\u00BF').Trim();
            while (line.StartsWith('['))
            {
                var end = EndOfHeader(line);
                (section, sub) = Header(line[1..end]);
                line = end + 1 < line.Length ? line[(end + 1)..].Trim() : "";
            }

            if (line.Length > 0 && line[0] is not ('#' or ';') && found.Count < MostFound)
            {
                var equals = line.IndexOf('=', StringComparison.Ordinal);
                var key = (equals < 0 ? line : line[..equals]).Trim().ToLowerInvariant();
                var value = equals < 0 ? "true" : Value(line[(equals + 1)..]);
                if (Acts(section, sub, key, value))
                {
                    found.Add(Printable($"{section}.{(sub ? "*." : "")}{key}"));
                }
            }
        }

        return [.. found];
    }

    /// <summary>Whether a text of attributes gives files to a filter.</summary>
    /// <param name="text">The bytes of the file.</param>
    /// <returns>True where it does.</returns>
    public static bool NamesFilter(ReadOnlySpan<byte> text) =>
        Encoding.Latin1.GetString(text).Split('\n').Any(line =>
            !line.TrimStart().StartsWith('#') && line.Split(' ', '\t', '\r').Any(word => word.StartsWith("filter=", StringComparison.Ordinal)));

    // A bracket within the quotes of a subsection ends nothing.
    private static int EndOfHeader(string line)
    {
        var quoted = false;
        for (var at = 1; at < line.Length; at++)
        {
            if (line[at] == '\\' && quoted)
            {
                at++;
            }
            else if (line[at] == '"')
            {
                quoted = !quoted;
            }
            else if (line[at] == ']' && !quoted)
            {
                return at;
            }
        }

        return line.Length;
    }

    // [section "sub"], and the old form [section.sub].
    private static (string Section, bool HasSub) Header(string text)
    {
        var end = text.AsSpan().IndexOfAny(" \t\".");
        return end < 0 ? (text.Trim().ToLowerInvariant(), false) : (text[..end].ToLowerInvariant(), true);
    }

    private static string Value(string text)
    {
        var plain = text.Replace("\"", "", StringComparison.Ordinal);
        var comment = plain.AsSpan().IndexOfAny('#', ';');
        return (comment < 0 ? plain : plain[..comment]).Trim();
    }

    private static bool Acts(string section, bool sub, string key, string value)
    {
        if (section is "include" or "includeif")
        {
            return key == "path";
        }

        if (section == "alias")
        {
            return value.StartsWith('!');
        }

        // What stands there may be any program, but for the few words that start none.
        return !Harmless.Contains(value.ToLowerInvariant()) && section switch
        {
            "core" => key is "hookspath" or "fsmonitor" or "sshcommand" or "editor" or "pager" or "askpass" or "gitproxy" or "alternaterefscommand",
            "filter" => key is "clean" or "smudge" or "process",
            "diff" => key is "external" or "command" or "textconv",
            "merge" => key == "driver",
            "difftool" or "mergetool" or "man" or "browser" => sub && key is "cmd" or "path",
            "credential" => key == "helper",
            "pager" => true,
            "sequence" => key == "editor",
            "interactive" => key == "difffilter",
            "gpg" => key is "program" or "defaultkeycommand",
            "remote" => key is "uploadpack" or "receivepack" or "vcs",
            "uploadpack" => key == "packobjectshook",
            "submodule" => key == "update" && value.StartsWith('!'),
            "trailer" => key is "command" or "cmd",
            "sendemail" => key is "sendmailcmd" or "tocmd" or "cccmd" or "smtpserver",
            "hook" => key == "command",
            "init" => key == "templatedir",
            _ => false,
        };
    }

    private static string Printable(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '*' or '-' ? c : '?'));
}
