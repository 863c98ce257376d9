using System.Text.RegularExpressions;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Outcomes;

[Trait("Mission", "M18")]
public sealed class HostileNameTests
{
    private const string Names = """
        : > "$(printf 'new\nline')"
        : > "$(printf 'red\033[31mtext\007')"
        : > "$(printf 'not-utf8-\377\376')"
        : > "$(printf 'right-to-left-\342\200\256txt')"
        : > '<script>alert(1)<b> | `x` **bold**'
        : > '-rf'
        : > "$(printf '"quoted"\\ \t')"
        mkdir "$(printf 'a\nb')"; : > "$(printf 'a\nb/c')"
        : > "$(python3 -c 'print("x" * 250)')"

        """;

    [Fact]
    public void Names_with_control_characters_are_reported_and_reach_no_page_raw()
    {
        using var root = new TempRoot();
        var finished = root.Backend(Scripts.RightWork + Names).Run().Expect(1);
        var bundle = finished.Bundle().Expect("fail", "disallowed-file");
        Assert.Equal(9, bundle.Report["disallowed_files"]!.AsArray().Count);
        foreach (var text in new[] { finished.Text, finished.Error, bundle.Text("report.md"), bundle.Text("report.json"), bundle.Text("events.normalized.jsonl") })
        {
            Assert.DoesNotContain('\u001b', text);
            Assert.DoesNotContain('\u0007', text);
            Assert.DoesNotContain('\u202e', text);
            Assert.DoesNotContain("red\n", text, StringComparison.Ordinal);
        }

        var outsideOfCode = Regex.Replace(bundle.Text("report.md"), "(`+)[^`].*?\\1", "");
        Assert.DoesNotContain("<script>", outsideOfCode, StringComparison.Ordinal);
        Assert.DoesNotContain("**bold**", outsideOfCode, StringComparison.Ordinal);
        var names = bundle.Report["disallowed_files"]!.AsArray().Select(one => one!.GetValue<string>()).ToList();
        Assert.Contains("\"new\\nline\"", names);
        Assert.Contains(names, name => name is "\"red\\033[31mtext\\007\"" or "\"red\\033[31mtext\\a\"");
        Assert.Contains("\"not-utf8-\\377\\376\"", names);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public void The_patch_with_such_names_still_applies()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + Names).Run().Expect(1).Bundle();
        var workspace = root.At("harness/fixtures/r1-string-slugify/workspace");
        Tool.Run("git", "-C", workspace, "apply", "--whitespace=nowarn", bundle.At("patch.diff"));
        Assert.Equal("12", Tool.Run("/bin/sh", "-c", $"cd '{workspace}' && find . -type f -print0 | tr -dc '\\000' | wc -c").Trim());
    }

    [Fact]
    public void What_is_shown_later_is_as_safe()
    {
        using var root = new TempRoot();
        root.Backend(Scripts.RightWork + Names).Run().Expect(1);
        foreach (var words in new[] { new[] { "show", "latest" }, ["show", "latest", "--json"], ["runs"], ["runs", "--json"] })
        {
            var finished = root.Command(words).Run().Expect(0);
            Assert.DoesNotContain('\u001b', finished.Text + finished.Error);
            Assert.DoesNotContain('\u0007', finished.Text + finished.Error);
        }
    }

    [Fact]
    public void A_hostile_name_in_the_output_folder_is_kept_under_a_harmless_one()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Scripts.RightWork + """
            cd ../out
            printf one > "$(printf 'a\033[31m\nb')"
            mkdir -p deep/er; printf two > deep/er/file
            ln -s /etc/passwd link; mkfifo pipe; printf three > ..hidden
            """).Run().Expect(0).Bundle().Expect("pass");
        var raw = Directory.GetFiles(bundle.At("backend/raw"));
        Assert.Equal(["one", "three", "two"], raw.Select(File.ReadAllText).Order(StringComparer.Ordinal));
        Assert.All(raw, path => Assert.Matches("^[0-9]{5}-[A-Za-z0-9._-]+$", Path.GetFileName(path)));
        Assert.All(
            bundle.Report["artifacts"]!.AsArray().Where(one => one!["path"]!.GetValue<string>().StartsWith("backend/raw/", StringComparison.Ordinal)),
            one => Assert.Equal("backend", one!["observer"]!.GetValue<string>()));
    }
}
