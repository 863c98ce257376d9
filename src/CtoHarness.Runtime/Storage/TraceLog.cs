using System.Globalization;
using System.Text.Json;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Gateway;

namespace CtoHarness.Runtime.Storage;

/// <summary>Appends OpenTelemetry spans of the run's steps to <c>trace.jsonl</c>, schema <c>span.v1.json</c>.</summary>
internal sealed class TraceLog(BundleFolder bundle, bool goOn = false) : IDisposable
{
    /// <summary>The file's name in a bundle.</summary>
    internal const string Name = "trace.jsonl";

    private readonly string _trace = Digest.Of(System.Text.Encoding.ASCII.GetBytes(bundle.Run.ToString())).Hex[..32];
    private readonly LineFile _file = new(goOn ? bundle.Append(Name) : bundle.CreateLines(Name));
    private readonly Lock _gate = new();
    private int _spans;

    private string Root => SpanId(0);

    /// <summary>Appends the span of one step.</summary>
    internal void AddStep(string name, DateTimeOffset start, DateTimeOffset end, bool ok) =>
        Add(Next(), Root, name, "internal", start, end, ok, _ => { });

    /// <summary>Appends the span of one call of a model, in OpenTelemetry's names for generative AI; from any thread.</summary>
    /// <param name="call">The call.</param>
    /// <param name="provider">The provider's name.</param>
    /// <param name="start">When it began.</param>
    /// <param name="end">When it ended.</param>
    internal void AddCall(ModelCall call, string provider, DateTimeOffset start, DateTimeOffset end) => Add(
        Next(), Root, CallSpan.NameOf(call), "client", start, end, call is { IsForwarded: true, Trouble: ProviderTrouble.None, IsAbandoned: false, Status: < 400 },
        json => CallSpan.WriteAttributes(json, call, provider));

    /// <summary>Appends the span of the whole run.</summary>
    internal void AddRun(DateTimeOffset start, DateTimeOffset end, bool ok) => Add(Root, null, "run", "internal", start, end, ok, _ => { });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private string Next() => SpanId(Interlocked.Increment(ref _spans));

    private void Add(string id, string? parent, string name, string kind, DateTimeOffset start, DateTimeOffset end, bool ok, Action<Utf8JsonWriter> attributes)
    {
        byte[] line = [.. JsonText.Line(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "cto-harness/span/v1");
            json.WriteString("trace_id", _trace);
            json.WriteString("span_id", id);
            json.WriteString("parent_span_id", parent);
            json.WriteString("name", name);
            json.WriteString("kind", kind);
            json.WriteString("start_time_unix_nano", Nanoseconds(start));
            json.WriteString("end_time_unix_nano", Nanoseconds(end));
            json.WriteStartObject("attributes");
            json.WriteString("cto_harness.run_id", bundle.Run.ToString());
            attributes(json);
            json.WriteEndObject();
            json.WriteString("status", ok ? "ok" : "error");
            json.WriteEndObject();
        }), (byte)'\n'];
        lock (_gate)
        {
            _file.Add(line);
        }
    }

    private string SpanId(int number) =>
        Digest.Of(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bundle.Run} {number}"))).Hex[..16];

    private static string Nanoseconds(DateTimeOffset time) =>
        ((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100).ToString(CultureInfo.InvariantCulture);
}
