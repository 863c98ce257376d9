using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Runs;
using CtoHarness.Runtime.Hosts;

namespace CtoHarness.Cli.Output;

/// <summary>Shows what this machine can enforce. Schema <c>doctor.v1.json</c>.</summary>
internal static class DoctorPage
{
    private const int WordWidth = 9;
    private const int NameWidth = 24;

    internal static void Write(Screen screen, HostReport report)
    {
        var text = screen.Result;
        if (report.LandlockLimit is { } most)
        {
            text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"simulated: a kernel with Landlock up to version {most}"));
        }

        foreach (var row in report.Rows)
        {
            Line(screen, row.IsOk ? "ok" : "missing", row.Name, $"{row.Seen}{(row.IsOk || row.IsNeeded ? "" : " (not needed)")}");
            if (row.Remedy.Length > 0)
            {
                text.WriteLine($"{new string(' ', WordWidth + NameWidth)}{(row.IsOk ? "better" : "bring it")} with: {PlainText.Visible(row.Remedy)}");
            }
        }

        text.WriteLine(report.SelfTest is { } test
            ? string.Create(CultureInfo.InvariantCulture, $"self-test, as before each start of a backend ({test.Duration.TotalMilliseconds:F0} ms):")
            : "self-test: none could be made");
        foreach (var check in report.SelfTest?.Checks ?? [])
        {
            Line(screen, check.Passed ? "ok" : "failed", check.Name, check.Detail);
        }

        if (report.SelfTest is { CameUp: false } failed)
        {
            Line(screen, "failed", "sandbox", failed.Words);
        }

        text.WriteLine("stages:");
        foreach (var stage in report.Stages)
        {
            text.WriteLine($"{Padded(screen, stage.IsAllowed ? "yes" : "no")}{stage.Stage.ToString(CultureInfo.InvariantCulture)} {stage.Title}: {PlainText.Visible(stage.Reason)}");
        }
    }

    internal static byte[] Document(HostReport report) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/doctor/v1");
        json.WriteBoolean("allows_backends", report.AllowsBackends);
        json.WriteObserved("simulated_landlock", report.LandlockLimit);
        json.WriteStartArray("checks");
        foreach (var row in report.Rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteBoolean("ok", row.IsOk);
            json.WriteBoolean("needed", row.IsNeeded);
            json.WriteString("seen", row.Seen);
            json.WriteString("remedy", row.Remedy.Length > 0 ? row.Remedy : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("self_test");
        WriteSelfTest(json, report.SelfTest);
        json.WriteStartArray("stages");
        foreach (var stage in report.Stages)
        {
            json.WriteStartObject();
            json.WriteNumber("stage", stage.Stage);
            json.WriteString("title", stage.Title);
            json.WriteBoolean("allowed", stage.IsAllowed);
            json.WriteString("reason", stage.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteSelfTest(Utf8JsonWriter json, HostSelfTest? test)
    {
        if (test is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteBoolean("came_up", test.CameUp);
        json.WriteBoolean("exact", test.IsExact);
        json.WriteString("words", test.Words.Length > 0 ? test.Words : null);
        json.WriteString("advice", test.Advice.Length > 0 ? test.Advice : null);
        json.WriteNumber("landlock", test.Landlock);
        json.WriteStrings("namespaces", test.Namespaces);
        json.WriteNumber("duration_ms", (long)test.Duration.TotalMilliseconds);
        json.WriteStartArray("checks");
        foreach (PreflightCheck check in test.Checks)
        {
            Printed.WriteCheck(json, check);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Line(Screen screen, string word, string name, string detail) =>
        screen.Result.WriteLine($"{Padded(screen, word)}{name.PadRight(NameWidth)}{PlainText.Visible(detail)}");

    // Colour takes up no room.
    private static string Padded(Screen screen, string word) => screen.Paint(word) + new string(' ', WordWidth - word.Length);
}
