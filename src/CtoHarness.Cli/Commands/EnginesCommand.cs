using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Engines;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>engines</c>: what may be run, whether it is installed, and whether its gates are open.</summary>
internal sealed class EnginesCommand : HarnessCommand
{
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;

    internal EnginesCommand(Screen screen)
    {
        _screen = screen;
        Symbols = new Command("engines", "List the engines: installed or not, digest, model, gates.") { _harnessRoot, _json, _noColor };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness engines      which engines there are, and which gates are open";

    private sealed record Row(EngineManifest Engine, EngineProgram Program, IReadOnlyList<GateState> Gates, ModelAdmission Admission);

    private ExitCode Act(ParseResult words)
    {
        var screen = words.GetValue(_noColor) ? _screen.Plain() : _screen;
        var json = words.GetValue(_json);
        var environment = Surroundings.Environment();
        var opened = Surroundings.OpenRoot(words.GetValue(_harnessRoot), StateFolders.Find(environment, null, null, null));
        if (opened is not Parsed<HarnessRoot>.Value { Result: var root })
        {
            return Failure.Report(screen, json, ExitCode.Usage, ((Parsed<HarnessRoot>.Refused)opened).Problems);
        }

        var problems = new List<Problem>();
        var models = root.Models();
        problems.AddRange(models is Parsed<ModelRegistry>.Refused noModels ? noModels.Problems : []);
        var rows = new List<Row>();
        foreach (var engine in root.EngineNames().Select(root.Engine))
        {
            problems.AddRange(engine is Parsed<EngineManifest>.Refused bad ? bad.Problems : []);
            if (engine is Parsed<EngineManifest>.Value { Result: var manifest } && models is Parsed<ModelRegistry>.Value { Result: var registry })
            {
                rows.Add(new Row(
                    manifest, EngineProgram.Find(manifest, Path.Combine(root.Folder, "engines"), environment),
                    Gates.Of(manifest, RunRequest.Stage, environment), registry.AdmissionOf(manifest.Model)));
            }
        }

        if (problems.Count > 0)
        {
            return Failure.Report(screen, json, ExitCode.Usage, problems);
        }

        if (json)
        {
            Failure.Write(screen, Document(rows));
        }
        else
        {
            Listing.Write(screen, ["ENGINE", "INSTALLED", "ADAPTER", "GATES", "MODEL", "WHAT"], rows.Select(row => new[]
            {
                row.Engine.Name + (row.Engine.IsFake ? " (default)" : ""),
                row.Program.Digest is null ? "no" : "yes",
                EngineKinds.Find(row.Engine) is null ? "not yet" : "yes",
                row.Gates.Count == 0 ? "none" : string.Join(' ', row.Gates.Select(g => $"{g.Name}={g.Required}:{(g.Open ? "open" : "closed")}")),
                row.Engine.Model is { } model ? $"{model} ({Words.Of(row.Admission)})" : "none",
                PlainText.Visible(row.Engine.Title),
            }));
        }

        return ExitCode.Pass;
    }

    private static byte[] Document(IEnumerable<Row> rows) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/engine-list/v1");
        json.WriteStartArray("engines");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Engine.Name);
            json.WriteString("kind", row.Engine.Kind);
            json.WriteString("title", row.Engine.Title);
            json.WriteString("version", row.Engine.Version.Length > 0 ? row.Engine.Version : null);
            json.WriteBoolean("installed", row.Program.Digest is not null);
            json.WriteString("executable", row.Program.Path.Length > 0 ? row.Program.Path : null);
            json.WriteString("digest", row.Program.Digest?.ToString());
            json.WriteBoolean("adapter", EngineKinds.Find(row.Engine) is not null);
            json.WriteBoolean("default", row.Engine.IsFake);
            json.WriteString("model_provider", row.Engine.Model?.Provider);
            json.WriteString("model", row.Engine.Model?.Name);
            json.WriteString("model_admission_status", Words.Of(row.Admission));
            Printed.WriteGates(json, row.Gates);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
