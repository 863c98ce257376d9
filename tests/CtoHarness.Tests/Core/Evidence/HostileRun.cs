using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;

namespace CtoHarness.Tests.Core.Evidence;

/// <summary>A failed run in which everything that a backend or a machine can name was chosen to break a report.</summary>
internal static class HostileRun
{
    public static string[] Names { get; } =
    [
        "a|b.py", "one\n# two.py", "\u001b[31mred", "`tick`", "<script>alert(1)</script>", "[x](javascript:y)", "\u202egpj.py", "q\"uote\\", "--", "\u009b2J",
    ];

    public static RunEvidence Evidence { get; } = Sample.FakeRun with
    {
        Identity = Sample.FakeRun.Identity with
        {
            ArtifactFolder = "/state/ru|ns/`run`",
            Harness = new HarnessIdentity("0.1.0<b>", Digest.Zero, null, null),
            NonceFrom = "verifier",
        },
        Preflight = [new PreflightCheck("python3 | <b>", false, "\u001b]0;title\u0007\n# PASS")],
        Backend = new BackendOutcome(new ProgramOutcome(EndKind.TimedOut, null, TimeSpan.FromSeconds(900), 1 << 23, 0, 17, null), 0, 9),
        Workspace = Sample.Changed(
        [
            Sample.Modified("strings.py"),
            Sample.Added("__pycache__/x"),
            Sample.Deleted("test_strings.py"),
            Sample.Added("pipe", EntryKind.Special, "fifo"),
            new Change(Sample.At("was_file"), Sample.Entry("was_file", "x"), Sample.Entry("was_file", "/etc/passwd", EntryKind.Link)),
            .. Names.Select(name => Sample.Added(name)),
        ]),
        Test = Sample.Ended with { ExitCode = 1 },
        Roots =
        [
            new ProtectedRoot("declared", "/srv/ru|ns`\n# PASS", RootState.Changed, 3, Digest.Zero, Digest.Of([1]), ["changed \u001b[2J<b>: mode, ctime", "added a|b`\n- forged"], "")
            {
                ChangesTotal = 60, Excluded = ["x|y"], Manifests = ["roots/01-declared.before.manifest", "roots/01-declared.after.manifest"],
            },
            new ProtectedRoot("harness-checkout", "/src/harness", RootState.Unchanged, 700, Digest.Zero, Digest.Zero, [], "") { Excluded = ["art|`<b>", "obj"] },
            new ProtectedRoot("home-startup", "/root", RootState.NotObserved, 2, Digest.Zero, null, [], "after the run: |\u001b <b>\n# PASS") { Names = [".bashrc"] },
            new ProtectedRoot("cortex-core", "", RootState.NotDeclared, null, null, null, [], ""),
        ],
        Trouble = new RunTrouble(CtoHarness.Core.Verdicts.BlockerCode.Infrastructure, "disk <full>\n# PASS: all good"),
        Events = Sample.Events.RemoveAt(3).Add(("git.diff.checked", Observer.Backend)),
    };

    public static ImmutableArray<Artifact> Artifacts { get; } =
        Sample.Artifacts.Add(new Artifact("backend/raw/<img src=x>|\u001b[2J`", Digest.Zero, 1, Observer.Backend));
}
