using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Places;

[Trait("Mission", "M21")]
public sealed class RunsListTests
{
    [Fact]
    public void The_newest_run_stands_first_and_is_the_latest()
    {
        using var root = new TempRoot();
        var first = root.Run("--json").Run().Expect(0).Json["run_id"]!.GetValue<string>();
        Thread.Sleep(1100); // a run's name tells seconds
        var second = root.Backend(":", "--json").Run().Expect(1).Json["run_id"]!.GetValue<string>();
        var listed = root.Command("runs", "--json").Run().Expect(0).Json["runs"]!.AsArray();
        Assert.Equal([second, first], listed.Select(one => one!["run_id"]!.GetValue<string>()));
        Assert.Equal(["fail", "pass"], listed.Select(one => one!["status"]!.GetValue<string>()));
        Assert.Equal(second, root.Command("show", "latest", "--json").Run().Expect(0).Json["run_id"]!.GetValue<string>());
        var text = root.Command("runs").Run().Expect(0).Text;
        Assert.True(text.IndexOf(second, StringComparison.Ordinal) < text.IndexOf(first, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_runs_of_the_same_second_stand_in_the_order_in_which_they_began()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        string[] names = ["20260101T000000Z-r1-string-slugify-9999", "20260101T000000Z-r1-string-slugify-10000", "20260101T000000Z-r1-string-slugify-10000-2"];
        for (var number = 0; number < names.Length; number++)
        {
            root.Write($"more/{names[number]}/report.json", bundle.Text("report.json")
                .Replace(Path.GetFileName(bundle.Folder), names[number], StringComparison.Ordinal)
                .Replace(bundle.Report["started_at"]!.GetValue<string>(), $"2026-01-01T00:00:00.{number}00Z", StringComparison.Ordinal));
        }

        var listed = root.Command("runs", "--json", "--runs-dir", root.At("more")).Run().Expect(0).Json["runs"]!.AsArray();
        Assert.Equal(names.Reverse(), listed.Select(one => one!["run_id"]!.GetValue<string>()));
    }

    [Fact]
    public void Folders_of_the_earlier_harness_are_listed_as_such_and_never_touched()
    {
        using var root = new TempRoot();
        const string old = "20260601T025817Z-r1-string-slugify-2907822";
        root.Write($"runs/{old}/report.json", "{\"run_id\": \"x\", \"status\": \"pass\"}");
        root.Write("runs/20260602T000000Z-no-report-1/events.jsonl", "");
        root.Write("runs/notes.txt", "a file of the user's");
        var before = Listing(root);
        root.Run().Run().Expect(0);
        var listed = root.Command("runs", "--json").Run().Expect(0);
        Assert.Equal(["complete", "legacy", "legacy"], listed.Json["runs"]!.AsArray().Select(one => one!["state"]!.GetValue<string>()));
        Assert.All(listed.Json["runs"]!.AsArray(), one => Assert.False(one!["sealed"]!.GetValue<bool>()));
        Assert.Null(listed.Json["runs"]![1]!["status"]);
        Assert.Contains("legacy, unsealed", root.Command("runs").Run().Expect(0).Text, StringComparison.Ordinal);
        var shown = root.Command("show", old).Run().Expect(4);
        Assert.Contains("earlier harness", shown.Error, StringComparison.Ordinal);
        Assert.Equal(before, Listing(root).Where(line => !line.Contains(DateTimePrefix(root), StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("no-such-run")]
    [InlineData("..")]
    [InlineData("../runs")]
    [InlineData("/etc")]
    [InlineData("")]
    [InlineData(".")]
    public void A_run_that_is_not_there_is_a_mistake_of_whoever_typed_it(string name)
    {
        using var root = new TempRoot();
        root.Run().Run().Expect(0);
        Assert.Empty(root.Command("show", name).Run().Expect(2).Text);
    }

    [Fact]
    public void Shown_as_json_a_run_is_its_report_byte_for_byte()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        Assert.Equal(File.ReadAllBytes(bundle.At("report.json")), root.Command("show", Path.GetFileName(bundle.Folder), "--json").Run().Expect(0).Output);
        Assert.Equal(bundle.Text("report.md"), root.Command("show", "latest").Run().Expect(0).Text);
    }

    [Fact]
    public void A_runs_folder_behind_a_link_is_one_like_any_other()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.At("real"));
        File.CreateSymbolicLink(root.Runs, root.At("real"));
        root.Run().Run().Expect(0).Bundle().Expect("pass");
        Assert.Single(root.Command("runs", "--json").Run().Expect(0).Json["runs"]!.AsArray());
        Assert.Empty(Repaired.Run(root));
    }

    [Fact]
    public void A_runs_folder_that_is_not_there_holds_no_runs()
    {
        using var root = new TempRoot();
        Assert.Empty(root.Command("runs", "--json").Run().Expect(0).Json["runs"]!.AsArray());
        root.Command("show", "latest").Run().Expect(2);
        Assert.False(Directory.Exists(root.Runs));
    }

    private static List<string> Listing(TempRoot root) => [.. Tool.Run("/bin/sh", "-c", $"cd '{root.Runs}' && find . -printf '%P %T@ %m ' -type f -exec sha256sum {"{}"} ';' -o -printf '%P\\n'").Split('\n').Where(line => line.Contains("20260", StringComparison.Ordinal) || line.Contains("notes", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string DateTimePrefix(TempRoot root) => Path.GetFileName(Directory.GetDirectories(root.Runs).Max(StringComparer.Ordinal)!);
}
