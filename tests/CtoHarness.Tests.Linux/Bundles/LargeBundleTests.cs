using System.Globalization;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

[Trait("Mission", "M20")]
[Trait("Tier", "Long")]
public sealed class LargeBundleTests
{
    private const int MostKilobytes = 200_000;

    private const string Measured = "import resource, subprocess, sys\ncode = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)\nprint(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

    [Fact]
    public void Two_gigabytes_are_packed_and_verified_in_little_memory()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        Tool.Run("/usr/bin/truncate", "-s", "2G", bundle.At("backend/stdout.log"));
        Measure(root, 0, "pack", bundle.Folder, "--output", root.At("p.tar.gz"));
        Measure(root, 1, "verify", bundle.Folder);
        Measure(root, 1, "verify", root.At("p.tar.gz"));
    }

    [Fact]
    public void A_sealed_bundle_of_two_gigabytes_is_accepted_in_little_memory()
    {
        using var root = new TempRoot();
        root.Edit("harness/policy.yaml", "output_bytes: 8388608", "output_bytes: 3221225472");
        (root.Backend(Outcomes.Scripts.RightWork + "head -c 2147483648 /dev/zero") with { Limit = TimeSpan.FromMinutes(5) }).Run().Expect(0);
        Measure(root, 0, "verify", "latest");
    }

    // What is kept is the most where every file that is read is as large as it may be.
    [Fact]
    public void Neither_does_a_bundle_that_is_made_to_be_kept_take_much()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        foreach (var name in new[] { "events.normalized.jsonl", "observations.jsonl", "verification.jsonl", "report.md", "after.tree", "contract.json" })
        {
            Tool.Run("/usr/bin/truncate", "-s", "64M", bundle.At(name));
        }

        Measure(root, 1, "verify", bundle.Folder);
    }

    // Whoever is trusted is named in each of his seals, so anybody can name him.
    [Fact]
    public void Neither_does_a_large_seal_that_names_a_trusted_key_without_its_signature()
    {
        using var root = new TempRoot();
        var bundle = root.Run().Run().Expect(0).Bundle();
        var seal = File.ReadAllText(bundle.At("attestation.sigstore.json"));
        var from = seal.IndexOf("\"payload\": \"", StringComparison.Ordinal) + 12;
        File.WriteAllText(bundle.At("attestation.sigstore.json"), seal[..from] + new string('A', 66_000_000) + seal[seal.IndexOf('"', from)..]);
        Tool.Run("/usr/bin/truncate", "-s", "64M", bundle.At("events.normalized.jsonl"));
        Tool.Run("/usr/bin/truncate", "-s", "31M", bundle.At("snapshots/after.tree"));
        Measure(root, 1, "verify", bundle.Folder);
    }

    private static void Measure(TempRoot root, int exit, params string[] words)
    {
        var command = root.Command(words).Under("/usr/bin/python3", "-c", Measured) with { Limit = TimeSpan.FromMinutes(5) };
        var told = command.Run().Expect(0).Text.Split(' ');
        Assert.Equal(exit, int.Parse(told[0], CultureInfo.InvariantCulture));
        Assert.InRange(int.Parse(told[1], CultureInfo.InvariantCulture), 1, MostKilobytes);
    }
}
