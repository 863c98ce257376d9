using CtoHarness.Tests.Linux.Interrupts;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Documents;

/// <summary>Every document that the command prints and every file that a bundle holds, gathered once: a start of the validator is dear.</summary>
public sealed class PrintedDocuments : IDisposable
{
    private readonly List<TempRoot> _roots = [];

    public PrintedDocuments()
    {
        Gather(root => root.Run("--json", "--nonce", new string('a', 64)).Run().Expect(0));
        Gather(root => root.Backend("touch /etc/tried 2>/dev/null; printf 'x' > \"$(printf 'a\\033\\n\\377')\"; exit 3", "--json", "--target", root.Home, "--protect", root.At("tmp")).Run().Expect(1));
        Gather(root => root.Run("--engine", "case", "--json").Run().Expect(3));
        Gather(root => root.Run("--engine", "case", "--model", "elsewhere/other", "--json").Set("CTO_HARNESS_ALLOW_CASE", "1").Set("CTO_HARNESS_CASE_STAGE", "2").Run().Expect(3));
        Gather(root => root.Backend("cp \"$1/strings.py\" .; kill -9 $$", "--json").Run().Expect(4));
        Gather(root => root.Backend("sleep 300", "--json", "--timeout", "1").Run().Expect(1));
        Gather(Broken);
        Gather(Interrupted);
        Gather(Killed);
        Gather(Claiming);
        var first = _roots[0];
        Add("run-plan.v1.json", first.Run("--dry-run", "--json").Run().Expect(0).Output);
        Add("run-plan.v1.json", first.Run("--dry-run", "--json", "--engine", "case").Run().Expect(3).Output);
        Add("run-list.v1.json", first.Command("runs", "--json").Run().Expect(0).Output);
        Add("engine-list.v1.json", first.Command("engines", "--json", "--harness-root", first.Harness).Run().Expect(0).Output);
        Add("policy-view.v1.json", first.Command("policy", "show", "--json", "--harness-root", first.Harness).Run().Expect(0).Output);
        Add("fixture-list.v1.json", _roots[6].Command("fixtures", "--json", "--harness-root", _roots[6].Harness).Run().Expect(0).Output);
        Add("fixture-check.v1.json", (first.Command("fixtures", "check", TempRoot.Fixture, "--json", "--harness-root", first.Harness) with { Limit = TimeSpan.FromMinutes(4) }).Run().Expect(0).Output);
        Add("doctor.v1.json", first.Command("doctor", "--json", "--harness-root", first.Harness).Run().Expect(0).Output);
        Add("doctor.v1.json", first.Command("doctor", "--json", "--harness-root", first.Harness, "--landlock", "0").Run().Expect(3).Output);
        Add("doctor.v1.json", first.Command("doctor", "--json", "--harness-root", first.Harness, "--state-dir", "/dev/null/x").Run().Expect(3).Output);
        Add("pack.v1.json", first.Command("pack", "latest", "--json").Run().Expect(0).Output);
        Add("verify.v1.json", first.Command("verify", "latest", "--json").Run().Expect(0).Output);
        Add("verify.v1.json", first.Command("verify", "latest", "--json", "--nonce", new string('0', 64)).Run().Expect(1).Output);
        Add("challenge.v1.json", first.Command("challenge", "--json").Run().Expect(0).Output);
        Add("key-list.v1.json", first.Command("keys", "list", "--json").Run().Expect(0).Output);
        first.Command("keys", "create", "--name", "other").Run().Expect(0);
        Add("key-list.v1.json", first.Command("keys", "list", "--json").Run().Expect(0).Output);
        Add("problems.v1.json", first.Command("show", "no-such-run", "--json").Run().Expect(2).Output);
        Add("problems.v1.json", first.Command("run", "no-such\u001b", "--json", "--no-such").Run().Expect(2).Output);
    }

    internal Dictionary<string, List<byte[]>> BySchema { get; } = new(StringComparer.Ordinal);

    internal TempRoot Root => _roots[0];

    public void Dispose() => _roots.ForEach(root => root.Dispose());

    private static Finished Broken(TempRoot root)
    {
        root.Edit("harness/fixtures/r1-string-slugify/fixture.yaml", "title: ", "titel: ");
        return root.Run("--json").Run().Expect(3);
    }

    private static Finished Interrupted(TempRoot root)
    {
        using var running = SleepingRun.InBackend(root, command => command.With("--json"));
        running.Signal("INT");
        return running.Wait().Expect(130);
    }

    private static Finished Claiming(TempRoot root)
    {
        Engines.SomePrograms.Executable(root, "bin/talks", """
            #!/bin/sh
            echo '{"type":"started"}'
            echo '{"type":"tool","tool":"bash","outcome":"failed","is_error":true,"duration_ms":12}'
            """);
        root.Write("harness/engines/talks.yaml", """
            schema: cto-harness/engine/v1
            name: talks
            kind: command
            title: Talks and does nothing
            executable: {name: talks, variable: TALKS_BIN}
            wire: none
            output: {wire: json-lines}
            """);
        return root.Run("--engine", "talks", "--json").Set("TALKS_BIN", root.At("bin/talks")).Set("CTO_HARNESS_ALLOW_TALKS", "1").Set("CTO_HARNESS_TALKS_STAGE", "2").Run().Expect(1);
    }

    private Finished Killed(TempRoot root)
    {
        using (var running = SleepingRun.InBackend(root))
        {
            running.Signal("KILL");
            running.Wait().Expect(137);
        }

        Add("run-list.v1.json", root.Command("runs", "--json").Run().Expect(0).Output);
        Add("run-repair.v1.json", root.Command("runs", "repair", "--json").Run().Expect(0).Output);
        return root.Command("show", "latest", "--json").Run().Expect(0);
    }

    private void Gather(Func<TempRoot, Finished> run)
    {
        var root = new TempRoot();
        _roots.Add(root);
        Add("report.v1.json", run(root).Output);
        var bundle = new Bundle(Directory.GetDirectories(root.Runs).Single());
        foreach (var (file, schema) in new[] { ("contract.json", "contract.v1.json"), ("engine.json", "engine.v1.json"), ("policy.json", "effective-policy.v1.json"), ("attestation.sigstore.json", "seal.v1.json") })
        {
            if (File.Exists(bundle.At(file)))
            {
                Add(schema, File.ReadAllBytes(bundle.At(file)));
            }
        }

        foreach (var lane in Directory.GetFiles(bundle.Folder, "events.normalized.jsonl", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!))
        {
            Lines("event.v1.json", Path.Combine(lane, "events.normalized.jsonl"));
            Lines("span.v1.json", Path.Combine(lane, "trace.jsonl"));
            if (File.Exists(Path.Combine(lane, "observations.jsonl")))
            {
                Lines("observation.v1.json", Path.Combine(lane, "observations.jsonl"));
            }

            if (File.Exists(Path.Combine(lane, "backend", "claims.jsonl")))
            {
                Lines("claim.v1.json", Path.Combine(lane, "backend", "claims.jsonl"));
            }

            if (File.Exists(Path.Combine(lane, "verification.jsonl")))
            {
                Lines("verification.v1.json", Path.Combine(lane, "verification.jsonl"));
            }

            if (File.Exists(Path.Combine(lane, "report.json")))
            {
                Add("report.v1.json", File.ReadAllBytes(Path.Combine(lane, "report.json")));
            }
        }
    }

    private void Lines(string schema, string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            Add(schema, System.Text.Encoding.UTF8.GetBytes(line));
        }
    }

    private void Add(string schema, byte[] document)
    {
        if (!BySchema.TryGetValue(schema, out var list))
        {
            BySchema[schema] = list = [];
        }

        list.Add(document);
    }
}
