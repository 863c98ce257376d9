using System.Text.Json.Nodes;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Withholding;

[Trait("Mission", "M20")]
public sealed class WithheldRunTests
{
    private const string Name = "SECRET_TOKEN";

    // Something of all that one form or another escapes.
    private const string Value = "tok+en/42\"x\\y \u00e9&=<q>~";

    // Says the value wherever a backend can: it was told by nobody but this test.
    private const string Says = """
        v='tok+en/42"x\y é&=<q>~'
        printf '%s\n' "$v"
        printf 'careless: %s\n' "$v" >&2
        python3 - "$v" <<'end'
        import base64, json, sys, urllib.parse
        v = sys.argv[1]
        print(json.dumps(v), json.dumps(v, ensure_ascii=False), json.dumps(v).replace("/", "\\/"), json.dumps(json.dumps({"key": v})))
        print(urllib.parse.quote(v, safe=""), urllib.parse.quote_plus(v), v.encode().hex(), v.encode().hex().upper())
        for before in ("", "x", "xy"):
            print(base64.b64encode((before + v).encode()).decode(), base64.urlsafe_b64encode((before + v).encode()).decode())
        with open("../out/notes.txt", "w") as notes:
            notes.write("the key is " + v)
        with open("strings.py", "a") as module:
            module.write("\nimport sys\nKEY = " + repr(v) + "  # " + v + "\nprint(KEY, file=sys.stderr)\n")
        try:
            open("/nowhere-" + v.replace("/", "-").replace("\\", "-"), "w")
        except OSError:
            pass
        end

        """;

    private static readonly string[] Places =
        ["backend/stdout.log", "backend/stderr.log", "backend/raw/00001-notes.txt", "patch.diff", "test.log", "verification.log"];

    [Fact]
    public void A_value_of_the_harness_reaches_no_bundle_in_any_form()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + Says).Set(Name, Value).Run().Expect(0).Bundle().Expect("pass");
        Leaks.AssertNone(bundle, Value);
        Assert.All(Places, place => Assert.Contains($"[withheld:{Name}]", bundle.Text(place), StringComparison.Ordinal));
        EventChain.Assert(bundle.At("events.normalized.jsonl"));
        Schemas.Assert(root, "report.v1.json", File.ReadAllBytes(bundle.At("report.json")));
        Schemas.Assert(root, "event.v1.json", [.. File.ReadLines(bundle.At("events.normalized.jsonl")).Select(System.Text.Encoding.UTF8.GetBytes)]);
        var replaced = bundle.Events.Single(one => one["event"]!.GetValue<string>() == "values.replaced")["data"]!["files"]!.AsArray();
        Assert.Equal(Places.Order(StringComparer.Ordinal), replaced.Select(one => one!["path"]!.GetValue<string>()));
        Assert.All(replaced, one => Assert.Equal([Name], one!["names"]!.AsArray().Select(name => name!.GetValue<string>())));
        Assert.Equal(Places.Length, bundle.Findings.Count(code => code == "value-replaced"));
    }

    // The same backend where the harness does not know the value: the search above can fail, in each place and each form.
    [Fact]
    public void Where_nothing_is_withheld_the_same_search_finds_each_form()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + Says).Run().Expect(0).Bundle();
        var found = Leaks.In(bundle.Folder, Value);
        Assert.Empty(Places.Except(found.Keys));
        Assert.Equal(
            [
                "HEX", "base64-0", "base64-1", "base64-2", "base64url-0", "base64url-1", "base64url-2",
                "form", "hex", "json", "json-slash", "json-twice", "json-utf8", "percent", "raw",
            ],
            found["backend/stdout.log"]);
        Assert.DoesNotContain("values.replaced", bundle.EventNames);
        Assert.Empty(bundle.Report["withheld"]!.AsArray());
        Assert.False(Directory.Exists(root.At("state/secrets")));
    }

    [Fact]
    public void A_path_that_was_tried_is_on_record_without_the_value()
    {
        using var root = new TempRoot();
        const string script = Outcomes.Scripts.RightWork + "echo x > /nowhere-plain-token-value 2>/dev/null || :\n";
        var known = root.Backend(script).Set(Name, "plain-token-value").Run().Expect(0).Bundle();
        Leaks.AssertNone(known, "plain-token-value");
        Assert.Contains("/nowhere-[withheld:SECRET_TOKEN]", known.Text("observations.jsonl"), StringComparison.Ordinal);
        Directory.Delete(known.Folder, recursive: true);
        var unknown = root.Backend(script).Run().Expect(0).Bundle();
        var found = Leaks.In(unknown.Folder, "plain-token-value");
        Assert.All(["observations.jsonl", "report.json"], place => Assert.True(found.ContainsKey(place)));
    }

    [Theory]
    [InlineData(": > plain-token-value", "the name of a file")]
    [InlineData("mkdir -p a/plain-token-value; : > a/plain-token-value/b", "the name of a file")]
    [InlineData("printf 'x\\0plain-token-value' > packed", "packed by git")]
    [InlineData("printf 'def slugify(text):\\n    return \"plain-token-value\"\\n' > strings.py", "verification.jsonl")]
    public void Where_it_cannot_be_replaced_the_run_is_inconclusive_and_says_why(string act, string where)
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + act).Set(Name, "plain-token-value").Run().Expect(4).Bundle();
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Equal("infrastructure", bundle.Codes[0]);
        Assert.Contains($"the value of the variable {Name} would stand in", bundle.Messages, StringComparison.Ordinal);
        Assert.Contains(where, bundle.Messages, StringComparison.Ordinal);
        Leaks.AssertNone(bundle, "plain-token-value");
        EventChain.Assert(bundle.At("events.normalized.jsonl"));
    }

    [Fact]
    public void Where_the_report_itself_would_hold_it_there_is_no_bundle_and_the_user_is_told_why()
    {
        using var root = new TempRoot();
        var finished = root.Run("--no-controls").Set(Name, "exit code 0 (proves").Run().Expect(4).ExpectNoBundle();
        Assert.Contains($"the value of the variable {Name} would stand in report.md", finished.Error, StringComparison.Ordinal);
        root.AssertNoScratch();
    }

    [Theory]
    [InlineData("exited")]
    [InlineData("git.diff.checked")]
    [InlineData("timed-out")]
    public void A_word_that_records_are_read_by_is_never_withheld(string word)
    {
        using var root = new TempRoot();
        var withheld = root.Run("--no-controls").Set(Name, word).Run().Expect(0).Bundle().Expect("pass").Report["withheld"]!.AsArray();
        Assert.NotNull(Assert.Single(withheld)!["exempt"]);
    }

    [Fact]
    public void What_is_public_anyway_is_named_as_exempt_and_the_run_goes_on()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Set(Name, TempRoot.Fixture).Set("CERTIFICATES", "/etc/passwd").Set("PIN_TOKEN", "12ab").Run().Expect(0).Bundle().Expect("pass");
        var withheld = bundle.Report["withheld"]!.AsArray();
        Assert.Equal(["CERTIFICATES", "PIN_TOKEN", Name], withheld.Select(one => one!["name"]!.GetValue<string>()));
        Assert.All(withheld, one => Assert.True(one!["exempt"]!.GetValue<string>().Length > 10 && one["hmac"] is null));
        Assert.True(JsonNode.DeepEquals(withheld, bundle.Events[0]["data"]!["withheld"]));
    }

    [Fact]
    public void The_operator_can_check_a_guess_with_the_command_of_the_documentation()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Set(Name, Value).Run().Expect(0).Bundle();
        var named = Assert.Single(bundle.Report["withheld"]!.AsArray())!;
        Assert.Equal(Name, named["name"]!.GetValue<string>());
        Assert.Contains($"`{Name}`: withheld", bundle.Text("report.md"), StringComparison.Ordinal);
        Assert.Equal(named["hmac"]!.GetValue<string>(), Hmac(Value));
        Assert.NotEqual(named["hmac"]!.GetValue<string>(), Hmac(Value + "x"));
        var secret = Assert.Single(Directory.GetFiles(root.At("state/secrets")));
        Assert.Equal(Path.GetFileName(bundle.Folder), Path.GetFileName(secret));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(root.At("state/secrets")));
        Leaks.AssertNone(bundle, File.ReadAllText(secret).Trim());

        string Hmac(string guess)
        {
            var command = File.ReadLines(Repository.At("docs", "threat-model.md")).Single(line => line.StartsWith("printf %s \"$GUESS\"", StringComparison.Ordinal));
            return "hmac-sha256:" + Tool.Run("/usr/bin/env", $"GUESS={guess}", $"STATE={root.State}", $"RUN_ID={Path.GetFileName(bundle.Folder)}", "/bin/sh", "-c", command).Trim().Split(' ')[^1];
        }
    }

    [Fact]
    public void Two_runs_say_nothing_of_whether_the_value_was_the_same()
    {
        using var root = new TempRoot();
        var run = root.Run("--no-controls").Set(Name, Value);
        string First() => run.Run().Expect(0).Newest().Report["withheld"]![0]!["hmac"]!.GetValue<string>();
        Assert.NotEqual(First(), First());
    }

    [Fact]
    public void No_process_of_a_sandbox_has_the_value_in_its_environment()
    {
        using var root = new TempRoot();
        const string script = Outcomes.Scripts.RightWork + """
            export OWN=what-this-script-exports
            sleep 10 & sleep 0.2
            seen() { cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | grep -c -- "$1"; }
            echo "own $(seen OWN=what-this-script) of the harness $(seen SECRET_TOKEN) $(seen plain-token)"
            kill %1
            """;
        var text = root.Backend(script).Set(Name, "plain-token-value").Run().Expect(0).Bundle().Text("backend/stdout.log");
        Assert.Matches("^own [1-9][0-9]* of the harness 0 0\n", text);
    }

    [Fact]
    public void A_run_that_is_repaired_holds_no_value_although_who_repairs_it_knows_none()
    {
        using var root = new TempRoot();
        const string script = "printf 'x%.0s' $(seq 5000); echo plain-token-value; echo plain-token-value > ../out/notes.txt; : > ../out/sleeping; while :; do echo plain-token-value; sleep 0.05; done";
        using var run = root.Backend(script).Set(Name, "plain-token-value").Start();
        run.WaitFor("the backend", () => Directory.Exists(root.Work) && Directory.GetFiles(root.Work, "sleeping", SearchOption.AllDirectories).Length == 1);
        Thread.Sleep(300);
        run.Signal("KILL");
        run.Wait().Expect(137);
        Repaired.AssertAll(root);
        var bundle = new Bundle(Assert.Single(Directory.GetDirectories(root.Runs)));
        Assert.Equal("inconclusive", bundle.Status);
        Assert.Equal(Name, Assert.Single(bundle.Report["withheld"]!.AsArray())!["name"]!.GetValue<string>());
        Leaks.AssertNone(bundle, "plain-token-value");
    }
}
