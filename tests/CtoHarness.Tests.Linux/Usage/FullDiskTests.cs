using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Usage;

[Trait("Mission", "M18")]
public sealed class FullDiskTests
{
    // A mount of its own, gone with the call; what it holds then is copied out first.
    private const string InSmallFolder = """
        mkdir -p "$1" && mount -t tmpfs -o "$2" none "$1" || exit 99
        shift_runs=$1 out=$3
        shift 3
        "$@"
        code=$?
        cp -R "$shift_runs/." "$out/"
        exit $code
        """;

    private static readonly string[] Sizes =
    [
        "size=4k", "size=8k", "size=16k", "size=24k", "size=32k", "size=40k", "size=48k", "size=64k", "size=128k", "size=1m", "size=4m",
        "nr_inodes=2", "nr_inodes=3", "nr_inodes=4", "nr_inodes=5", "nr_inodes=8", "nr_inodes=12", "nr_inodes=16", "nr_inodes=20", "nr_inodes=24", "nr_inodes=26", "nr_inodes=40", "nr_inodes=55", "nr_inodes=90",
    ];

    [RootFact]
    public void A_runs_folder_that_fills_up_at_any_point_never_holds_half_a_bundle()
    {
        var outcomes = Sizes.ToDictionary(size => size, RunIn);
        Assert.Empty(string.Join('\n', outcomes.Where(one => one.Value.Wrong.Length > 0).Select(one => $"{one.Key}: {one.Value.Wrong}")));
        Assert.Contains(outcomes.Values, one => one.Exit == 4);
        Assert.Equal(0, outcomes["size=4m"].Exit);
        Assert.Equal(0, outcomes["nr_inodes=90"].Exit);
    }

    [RootFact]
    public void A_backend_that_fills_the_runs_folder_with_its_output_does_not_pass()
    {
        var (exit, wrong) = RunIn("size=256k", "head -c 1000000 /dev/zero; cp \"$1/strings.py\" \"$2/strings.py\"");
        Assert.Equal((4, ""), (exit, wrong));
    }

    private static (int Exit, string Wrong) RunIn(string size) => RunIn(size, "cp \"$1/strings.py\" \"$2/strings.py\"");

    private static (int Exit, string Wrong) RunIn(string size, string script)
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.At("kept"));
        var finished = root.Backend(script)
            .Set("CTO_HARNESS_RUNS_DIR", root.At("small"))
            .Under("/usr/bin/unshare", "-m", "/bin/sh", "-c", InSmallFolder, "sh", root.At("small"), size, root.At("kept")).Run();
        root.AssertNoScratch();
        return (finished.Exit, Wrong(root, finished));
    }

    private static string Wrong(TempRoot root, Finished finished)
    {
        var left = Directory.GetFileSystemEntries(root.At("kept")).Select(path => Path.GetFileName(path)).ToList();
        if (left.Count > 1 || left.Exists(name => name[0] == '.'))
        {
            return $"left are {string.Join(", ", left)}; {finished.Error}";
        }

        if (left.Count == 0)
        {
            return finished.Exit == 4 && finished.Error.Contains("no bundle could be written", StringComparison.Ordinal) ? "" : $"no bundle, exit code {finished.Exit}; {finished.Error}";
        }

        var status = new Bundle(root.At("kept/" + left[0])).AssertWhole().Status;
        return (status, finished.Exit) is ("pass", 0) or ("inconclusive", 4) ? "" : $"{status} with exit code {finished.Exit}; {finished.Error}";
    }
}
