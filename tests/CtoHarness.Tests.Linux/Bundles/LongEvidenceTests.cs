using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Verification;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>A backend that makes long whatever it can make long, so that nobody could check the bundle: there is one, it is accepted, and it is no pass.</summary>
[Trait("Mission", "M20")]
public sealed class LongEvidenceTests
{
    // A name of 250 characters in each folder, 4000 in each path; a try of 4000 characters that need six each on record.
    private const string Long = """
        python3 - <<'end'
        import os
        os.makedirs("long")
        os.chdir("long")
        here = os.getcwd()
        for tops in range(9):
            os.chdir(here)
            for depth in range(13):
                name = str(tops) + "n" * 240
                os.makedirs(name)
                os.chdir(name)
            for number in range(1000):
                open("f%d" % number + "n" * 200, "w").close()
        for number in range(3000):
            try:
                open("/nowhere/" + ("\x01" * 250 + "/") * 15 + str(number), "w")
            except OSError:
                pass
        end

        """;

    private static readonly ImmutableArray<string> Made = ["observations.jsonl", "verification.jsonl", "snapshots/after.tree"];

    private const string Answers = "cp \"$1/strings.py\" strings.py\nprintf '\\n\\ndef slugify(text, *, max_length=None):\\n    return \"<\" * 60000\\n' >> strings.py\n";

    [Fact]
    public void All_that_a_backend_makes_long_is_kept_together()
    {
        var all = AttemptLog.MostBytes + (Conversation.LongerWritten * Conversation.MostBytes) + BundleFiles.MostBytes(EvidenceReader.AfterTree);
        Assert.InRange(all, 1, BundleFiles.MostKept - BundleFiles.KeptForTheHarness);
    }

    [Theory]
    [InlineData(Long)]
    [InlineData(Answers)]
    [InlineData(Long + Answers)]
    public void A_bundle_comes_out_all_the_same(string script)
    {
        using var root = new TempRoot();
        var bundle = (root.Backend(script) with { Limit = TimeSpan.FromMinutes(5) }).Run().Expect(1).Bundle();
        var kept = BundleFiles.MostKept - Made.Sum(name => File.Exists(bundle.At(name)) ? new FileInfo(bundle.At(name)).Length : 0);
        Assert.True(kept >= BundleFiles.KeptForTheHarness, string.Create(CultureInfo.InvariantCulture, $"{kept} bytes are left for the rest"));
    }
}
