using System.Collections.Immutable;

namespace CtoHarness.Core.Withholding;

/// <summary>What a variable's name alone tells of its value.</summary>
public static class VariableNames
{
    private static readonly ImmutableArray<string> Secret =
        ["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL", "AUTH", "COOKIE", "PRIVATE", "SIGNATURE"];

    /// <summary>Names whose values are no secret, each with the reason; a star stands for any end.</summary>
    public static ImmutableArray<(string Name, string Reason)> Harmless { get; } =
    [
        ("HOME", "the home stands in paths that the record needs"),
        ("PWD", "a folder of this machine"),
        ("OLDPWD", "a folder of this machine"),
        ("PATH", "where programs are searched for; the checks before the start name it"),
        ("TMPDIR", "a folder of this machine"),
        ("XDG_*", "folders of the home"),
        ("CTO_HARNESS_*", "gates and folders, which the harness itself records"),
        ("DOTNET_*", "how the program that runs the harness is set"),
        ("USER", "the user's name stands in paths and file owners"),
        ("LOGNAME", "the user's name, too"),
        ("HOSTNAME", "the machine's name"),
        ("SHELL", "a program of this machine"),
        ("SHLVL", "a count"),
        ("_", "the program that was started"),
        ("LANG", "a language"),
        ("LANGUAGE", "languages"),
        ("LC_*", "a language"),
        ("TZ", "a time zone"),
        ("TERM*", "the kind of terminal"),
        ("COLORTERM", "the kind of terminal"),
        ("LS_COLORS", "colours"),
        ("EDITOR", "a program"),
        ("VISUAL", "a program"),
        ("PAGER", "a program"),
        ("NODE_ENV", "a word such as production, which programs print"),
        ("DEBIAN_FRONTEND", "a word such as noninteractive, which programs print"),
    ];

    /// <summary>Whether a name says that its value is a secret. Such a name is never harmless.</summary>
    /// <param name="name">A variable's name.</param>
    /// <returns>Whether it holds a word such as KEY or TOKEN.</returns>
    public static bool LooksSecret(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name is not ("PWD" or "OLDPWD") && Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a name stands in the table of those whose values are no secret.</summary>
    /// <param name="name">A variable's name.</param>
    /// <returns>False for every name that looks like a secret's.</returns>
    public static bool IsHarmless(string name) => !LooksSecret(name) && Harmless.Any(one => Matches(one.Name, name));

    private static bool Matches(string pattern, string name) =>
        pattern[^1] == '*' ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
}
