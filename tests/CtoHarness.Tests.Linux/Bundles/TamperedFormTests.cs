namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>The same content in another spelling, or with more in it, in each file that is parsed, sealed with the right key: what two readers could take in two ways is refused.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class TamperedFormTests(Made made)
{
    private static readonly Dictionary<string, string> Checks = new()
    {
        ["contract.json"] = "records",
        ["policy.json"] = "fixture",
        ["engine.json"] = "agreement",
        ["events.normalized.jsonl"] = "events",
        ["baseline/events.normalized.jsonl"] = "events",
        ["controls/noop/events.normalized.jsonl"] = "events",
        ["observations.jsonl"] = "records",
        ["verification.jsonl"] = "records",
        ["controls/cheat/verification.jsonl"] = "records",
        ["report.json"] = "report",
        ["controls/noop/report.json"] = "report",
    };

    private static readonly Dictionary<string, Func<string, string>> Forms = new()
    {
        ["a name twice"] = text => Before(text, text[text.IndexOf('"', StringComparison.Ordinal)..text.IndexOf(':', StringComparison.Ordinal)] + ":null,"),
        ["NaN"] = text => Before(text, "\"x\":NaN,"),
        ["a number without an end"] = text => Before(text, $"\"x\":{new string('9', 10_000)},"),
        ["an unknown field"] = text => Before(text, "\"x\":1,"),
        ["a hundred thousand lists in one another"] = text => Before(text, $"\"x\":{new string('[', 100_000)}{new string(']', 100_000)},"),
        ["a text with a lone surrogate"] = text => Before(text, "\"x\":\"\\ud800\","),
        ["a comment"] = text => Before(text, "/* */"),
        ["a space more"] = text => Before(text, " "),
        ["an escape that is not needed"] = text => text[..(text.IndexOf('"', StringComparison.Ordinal) + 1)] + $"\\u{(int)text[text.IndexOf('"', StringComparison.Ordinal) + 1]:x4}" + text[(text.IndexOf('"', StringComparison.Ordinal) + 2)..],
        ["Windows lines"] = text => text.Replace("\n", "\r\n", StringComparison.Ordinal),
        ["a byte order mark"] = text => "\ufeff" + text,
        ["no newline at the end"] = text => text[..^1],
        ["a newline more at the end"] = text => text + "\n",
        ["nothing"] = _ => "",
        ["null"] = _ => "null\n",
        ["a list"] = text => $"[{text}]",
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var file in Checks.Keys)
            {
                foreach (var form in Forms.Keys)
                {
                    rows.Add(file, form);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Another_form_is_refused(string file, string form) => new Lie(
        Checks[file],
        forger =>
        {
            forger.Write(file, Forms[form](forger.Text(file)));
            _ = file switch
            {
                "policy.json" => forger.Cite(file, "contract.json"),
                "contract.json" => forger.Cite(file),
                _ => forger,
            };
        },
        one => one.Tried,
        Follows: file is "policy.json" or "contract.json").AssertRefused(made);

    private static string Before(string text, string more)
    {
        var at = text.IndexOf('{', StringComparison.Ordinal) + 1;
        return text[..at] + more + text[at..];
    }
}
