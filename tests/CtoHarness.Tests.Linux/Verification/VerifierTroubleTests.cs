using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Verification;

/// <summary>What goes wrong on the verifier's side is never the backend's fault, and never a pass.</summary>
[Trait("Mission", "M15")]
public sealed class VerifierTroubleTests
{
    private const string Cases = "harness/fixtures/r1-string-slugify/verify/cases.yaml";
    private const string Driver = "harness/drivers/python/driver.py";

    [Theory]
    [InlineData("raise SystemExit(0)\n")]
    [InlineData("import os\nos.write(3, b'ready\\n')\n")]
    [InlineData("this is no python\n")]
    [InlineData("import os\nos.kill(os.getpid(), 9)\n")]
    public void A_driver_that_does_not_come_up_is_the_verifiers_trouble(string driver)
    {
        using var root = new TempRoot();
        root.Write(Driver, driver);
        var bundle = root.Run().Run().Expect(4).Bundle();
        Expect(bundle, "could not be asked");
    }

    [Fact]
    public void A_driver_that_breaks_down_in_the_middle_is_the_verifiers_trouble_too_because_the_solution_meets_it()
    {
        using var root = new TempRoot();
        root.Edit(Driver, "    for line in requests:\n", "    for number, line in enumerate(requests):\n        if number == 20:\n            os._exit(3)\n");
        Expect(root.Run().Run().Expect(4).Bundle(), "could not be asked");
    }

    [Fact]
    public void A_solution_that_gives_other_answers_than_the_fixture_states_is_the_verifiers_trouble()
    {
        using var root = new TempRoot();
        root.Edit(Cases, "expected: \"the-quick-brown-fox\"", "expected: \"the_quick_brown_fox\"");
        Expect(root.Run().Run().Expect(4).Bundle(), "gives other answers than verify/cases.yaml states, to 1 case(s): plain-words");
    }

    [Fact]
    public void Trouble_of_the_verifier_hides_no_act_of_the_backend()
    {
        using var root = new TempRoot();
        root.Write(Driver, "raise SystemExit(0)\n");
        var bundle = root.Backend("cp \"$1/strings.py\" .; : > more").Run().Expect(1).Bundle();
        Assert.Equal("fail", bundle.Status);
        Assert.Equal(["disallowed-file", "verifier-failed"], bundle.Codes.Take(2));
    }

    [Theory]
    [InlineData("language: python", "language: cobol", "no driver for the language \"cobol\"")]
    [InlineData("language: python", "language: ../python", "no driver for the language")]
    public void A_language_without_a_driver_is_blocked_before_the_start(string old, string now, string why)
    {
        using var root = new TempRoot();
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", old, now);
        var bundle = root.Run().Run().Expect(3).Bundle().Expect("blocked", "fixture-invalid");
        Assert.Contains(why, bundle.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_whose_program_is_not_installed_is_blocked_before_the_start()
    {
        using var root = new TempRoot();
        root.Edit("harness/drivers/python/driver.yaml", "command: [python3,", "command: [no-such-python,");
        var bundle = root.Run().Run().Expect(3).Bundle().Expect("blocked", "fixture-invalid");
        Assert.Contains("\"no-such-python\" is not in", bundle.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rm driver.py")]
    [InlineData("rm driver.py; mkfifo driver.py")]
    [InlineData("rm driver.py; ln -s /etc/passwd driver.py")]
    [InlineData("echo 'file: [' >> driver.yaml")]
    public void A_driver_that_cannot_be_read_is_blocked_before_the_start(string change)
    {
        using var root = new TempRoot();
        Tool.Run("/bin/sh", "-c", $"cd '{root.Harness}/drivers/python' && {change}");
        var bundle = root.Run().Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.All(bundle.Codes, code => Assert.Equal("fixture-invalid", code));
    }

    [Fact]
    public void What_happens_after_the_driver_was_ready_counts_against_the_code_under_test()
    {
        using var root = new TempRoot();
        root.Edit(Cases, "cases:", "limits: {seconds: 60}\ncases:");
        using var running = root.Backend("sed 's/^def slugify/def right/' \"$1/strings.py\" > strings.py\nprintf 'import sys, time\\ndef slugify(text, *, max_length=None):\\n    if \"unittest\" not in sys.modules:\\n        open(\"/tmp/asked\", \"w\").close()\\n        time.sleep(50)\\n    return right(text, max_length=max_length)\\n' >> strings.py").Start();
        running.WaitFor("the question", () => Directory.Exists(root.Work) && Directory.GetDirectories(root.Work).Any(run => File.Exists(Path.Combine(run, "cases/root/tmp/asked"))));
        var outer = Survivors.Find(root.Marker, "bwrap\0").Where(one => one.Command.Contains("/cases/root", StringComparison.Ordinal)).MinBy(one => one.Id);
        Tool.Run("/bin/kill", "-9", outer.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        running.Wait().Newest().Expect("fail", "failed-tests");
        Survivors.AssertNone(root.Marker);
        root.AssertNoScratch();
    }

    private static void Expect(Bundle bundle, string why)
    {
        bundle.Expect("inconclusive", "verifier-failed", "verifier-failed", "missing-required-event");
        Assert.Equal("verifier", bundle.Report["fault"]!.GetValue<string>());
        Assert.Contains(why, bundle.Messages, StringComparison.Ordinal);
    }
}
