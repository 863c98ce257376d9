using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verification;

namespace CtoHarness.Core.Evidence;

/// <summary>Writes the data of events that tell what other files of a bundle hold too: a run writes them as things happen, and whoever checks the bundle writes them again from those files.</summary>
public static class EventJson
{
    private const int MostListed = 1000;

    /// <summary>Writes the data of <c>plan.updated</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="identity">Whose plan it is.</param>
    /// <param name="command">The command line of the sandbox; empty where there is none.</param>
    public static void WritePlan(Utf8JsonWriter json, RunIdentity identity, IEnumerable<string> command)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(identity);
        json.WriteString("runtime_workspace_root", identity.RuntimeRoot);
        json.WriteString("run_artifact_dir", identity.ArtifactFolder);
        json.WriteStrings("sandbox_command", command);
    }

    /// <summary>Writes the data of <c>targets.searched</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="declared">How many targets were declared.</param>
    /// <param name="search">What was found.</param>
    public static void WriteSearched(Utf8JsonWriter json, int declared, TargetSearch search)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteNumber("targets_declared", declared);
        TargetsJson.WriteSurfaces(json, search);
    }

    /// <summary>Writes the data of <c>backend.ended</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="program">How the backend ended.</param>
    /// <param name="limitPassed">The limit that was passed; empty where none was.</param>
    /// <param name="calls">Its calls; null where nobody watched.</param>
    public static void WriteEnded(Utf8JsonWriter json, ProgramOutcome program, string limitPassed, CallRecord? calls)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(limitPassed);
        json.WriteString("end", Words.Of(program.End));
        json.WriteObserved("exit_code", program.ExitCode);
        json.WriteNumber("duration_ms", (long)program.Duration.TotalMilliseconds);
        json.WriteObserved("survivors", program.Survivors);
        json.WriteNumber("cut_bytes", program.CutBytes);
        json.WriteString("limit_passed", limitPassed.Length > 0 ? limitPassed : null);
        CallsJson.WriteCounts(json, calls);
    }

    /// <summary>Writes the data of <c>cases.drawn</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="seed">What the questions were drawn from.</param>
    /// <param name="plan">How many there are of each kind.</param>
    public static void WriteDrawn(Utf8JsonWriter json, string seed, VerificationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(plan);
        json.WriteString("seed", seed);
        json.WriteNumber("fixed", plan.FixedCases);
        json.WriteNumber("drawn", plan.DrawnCases);
        json.WriteNumber("predicates", plan.Predicates);
    }

    /// <summary>Writes the data of <c>persistence.scanned</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="scan">What was found.</param>
    public static void WriteScanned(Utf8JsonWriter json, PersistenceScan scan)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(scan);
        json.WriteNumber("total", scan.Total);
        json.WriteNumber("breaches", scan.Found.Count(one => one.IsBreach));
        json.WriteString("refusal", scan.Refusal);
    }

    /// <summary>Writes the data of <c>git.diff.checked</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="commit">The pinned base.</param>
    /// <param name="pristine">Its tree.</param>
    /// <param name="note">Digests of the workspace and of the patch.</param>
    /// <param name="change">What changed.</param>
    public static void WriteDiff(Utf8JsonWriter json, string? commit, Tree pristine, WorkspaceNote note, ReviewedChange change)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(change);
        json.WriteString("base", commit);
        json.WriteString("tree", note.Tree?.ToString());
        json.WriteString("judged_tree", change.ApplyTo(pristine).Digest().ToString());
        json.WriteString("patch", note.PatchDigest.ToString());
        json.WriteNumber("allowed", change.Allowed.Length);
        json.WriteNumber("disallowed", change.Disallowed.Length);
        json.WriteNumber("ignored", change.Ignored.Length);
        json.WriteStrings("changed_files", change.ChangedPaths.Take(MostListed).Select(path => path.ToString()));
    }

    /// <summary>Writes the data of <c>patch.applied</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="change">What changed.</param>
    public static void WriteApplied(Utf8JsonWriter json, ReviewedChange change)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(change);
        json.WriteStrings("files", change.Allowed.Select(one => one.Path.ToString()));
    }

    /// <summary>Writes the data of <c>verification.completed</c>.</summary>
    /// <param name="json">The writer, within an object.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="test">The test command's run.</param>
    /// <param name="verification">The compared answers.</param>
    public static void WriteCompleted(Utf8JsonWriter json, Contract contract, ProgramOutcome test, VerificationOutcome verification)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(verification);
        json.WriteStrings("command", contract.Fixture.TestCommand);
        json.WriteString("end", Words.Of(test.End));
        json.WriteObserved("exit_code", test.ExitCode);
        json.WriteNumber("duration_ms", (long)test.Duration.TotalMilliseconds);
        json.WriteNumber("cases_expected", verification.Expected);
        json.WriteNumber("cases_ran", verification.Ran);
        json.WriteNumber("cases_passed", verification.Passed);
    }
}
