using System.Globalization;
using System.Text;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>The table of docs/threat-model.md, written from the attacks themselves.</summary>
internal static class AttackTable
{
    internal const string Begin = "<!-- attacks: written by HostileTableTests -->\n";
    internal const string End = "<!-- end of attacks -->\n";

    /// <summary>Writes it.</summary>
    internal static string Text()
    {
        var text = new StringBuilder(Begin);
        text.Append("\n| attack | layer that stops it | what the record shows | without Landlock | without seccomp | old Landlock (alone) | test |\n|---|---|---|---|---|---|---|\n");
        foreach (var (family, attacks) in Attacks.Families)
        {
            foreach (var attack in attacks)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {attack.Title} | {attack.StoppedBy} | {Record(attack)} | {Columns(attack.Weaker)} | {family}: `{attack.Name}` |\n");
            }
        }

        return text.Append('\n').Append(End).ToString();
    }

    private static string Record(Attack attack) => attack.Record is { } note
        ? $"`{note.Operation}`, {(note.Class == Core.Observation.AttemptClass.Outside ? "" : note.Class.ToString().ToLowerInvariant() + ", ")}{(note.Denied == true ? "denied" : "noted")}"
        : "nothing: " + (attack.Gap.IndexOfAny([':', '(']) is > 0 and var end ? attack.Gap[..end].Trim() : attack.Gap);

    private static string Columns(Weaker? weaker) => weaker is null
        ? "– | – | –"
        : $"{Word(weaker.NoLandlock)} | {Word(weaker.NoSeccomp)} | {Word(weaker.Old)} ({Word(weaker.OldAlone)})";

    private static string Word(Outcome outcome) => outcome switch { Outcome.Contained => "contained", Outcome.Done => "**done**", _ => "by chance" };
}
