using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Engines;

namespace CtoHarness.Cli.Output;

/// <summary>One engine as it stands.</summary>
/// <param name="Engine">The manifest.</param>
/// <param name="Standing">What there is of it on this machine.</param>
/// <param name="Gates">Its gates.</param>
/// <param name="Admission">What the registry says of its model.</param>
internal sealed record EngineRow(EngineManifest Engine, EngineStanding Standing, IReadOnlyList<GateState> Gates, ModelAdmission Admission);

/// <summary>Shows the engines of a harness root. Schema <c>engine-list.v1.json</c>.</summary>
internal static class EnginesPage
{
    private const int NameWidth = 12;

    // There are no admissions yet.
    private const string NoStages = "none";

    internal static void Write(Screen screen, IReadOnlyList<EngineRow> rows)
    {
        foreach (var row in rows)
        {
            WriteOne(screen, row);
        }
    }

    internal static byte[] Document(IReadOnlyList<EngineRow> rows) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/engine-list/v1");
        json.WriteStartArray("engines");
        foreach (var row in rows)
        {
            var (engine, program) = (row.Engine, row.Standing.Program);
            json.WriteStartObject();
            json.WriteString("name", engine.Name);
            json.WriteString("kind", engine.Kind);
            json.WriteString("title", engine.Title);
            json.WriteString("version", OrNull(row.Standing.Version));
            json.WriteBoolean("installed", program.Digest is not null);
            json.WriteString("trouble", OrNull(Trouble(row)));
            json.WriteString("executable", OrNull(program.Path));
            json.WriteString("interpreter", OrNull(program.Interpreter));
            json.WriteString("package", OrNull(program.Package));
            json.WriteString("digest", program.Digest?.ToString());
            json.WriteBoolean("adapter", EngineKinds.Find(engine) is not null);
            json.WriteBoolean("default", engine.IsFake);
            json.WriteBoolean("stand_in", engine.IsStandIn);
            json.WriteString("wire", OrNull(engine.ProviderWire));
            json.WriteString("model_provider", engine.Model?.Provider);
            json.WriteString("model", engine.Model?.Name);
            json.WriteString("model_admission_status", Words.Of(row.Admission));
            Printed.WriteGates(json, row.Gates);
            json.WriteStartArray("stages_held");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteOne(Screen screen, EngineRow row)
    {
        var (engine, program) = (row.Engine, row.Standing.Program);
        screen.Result.WriteLine($"{screen.Strong(engine.Name)}{(engine.IsFake ? " (default)" : "")}: {PlainText.Visible(engine.Title)}");
        Line("installed", program.Digest is null ? screen.Paint("no") : screen.Paint("yes"));
        Line("usable", Trouble(row) is { Length: > 0 } trouble ? $"{screen.Paint("no")}: {PlainText.Visible(trouble)}" : screen.Paint("yes"));
        Line("version", row.Standing.Version.Length > 0 ? row.Standing.Version : "not told");
        Line("digest", program.Digest?.ToString() ?? "none");
        Line("program", program.Path);
        Line("interpreter", program.Interpreter);
        Line("package", program.Package);
        Line("kind", engine.Kind + (engine.IsStandIn ? ", a stand-in: its pass admits nothing" : ""));
        Line("adapter", screen.Paint(EngineKinds.Find(engine) is null ? "no" : "yes"));
        Line("wire", engine.ProviderWire.Length > 0 ? engine.ProviderWire : "none");
        Line("model", engine.Model is { } model ? $"{PlainText.Visible(model.ToString())} ({screen.Paint(Words.Of(row.Admission))})" : "none");
        Line("gates", row.Gates.Count == 0 ? "none" : string.Join(", ", row.Gates.Select(gate => $"{gate.Name}={gate.Required} {screen.Paint(gate.Open ? "open" : "closed")}")));
        Line("stages held", NoStages);

        void Line(string name, string text)
        {
            if (text.Length > 0)
            {
                screen.Result.WriteLine($"  {name.PadRight(NameWidth)} {text}");
            }
        }
    }

    // Closed gates are no trouble: they are what they should be.
    private static string Trouble(EngineRow row) =>
        row.Standing.Trouble.Length > 0 ? row.Standing.Trouble
        : EngineKinds.Find(row.Engine) is null ? $"this version has no adapter for the kind {PlainText.Quote(row.Engine.Kind)}"
        : row.Admission is ModelAdmission.Admitted or ModelAdmission.NotApplicable ? ""
        : row.Admission == ModelAdmission.Refused ? $"its model {row.Engine.Model} is refused by models.yaml; name an admitted model with --model PROVIDER/MODEL"
        : $"its model {row.Engine.Model} is not in models.yaml; name an admitted model with --model PROVIDER/MODEL, or add it there";

    private static string? OrNull(string text) => text.Length > 0 ? text : null;
}
