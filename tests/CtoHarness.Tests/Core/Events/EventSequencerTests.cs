using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Events;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Tests.Core.Events;

[Trait("Mission", "M14")]
public sealed class EventSequencerTests
{
    private static readonly DateTimeOffset Time = new(2026, 6, 1, 4, 58, 17, 250, TimeSpan.FromHours(2));

    private readonly EventSequencer _events = new(Sample.FakeRun.Identity.Run);

    [Fact]
    public void The_lines_of_a_log_never_change_their_form() =>
        Approved.Matches("events", string.Concat(Three().Select(e => Encoding.UTF8.GetString(e.ToLine()))));

    [Fact]
    public void Events_are_numbered_from_1_and_each_names_the_one_before()
    {
        var log = Three();
        Assert.Equal([1, 2, 3], log.Select(e => e.Sequence));
        Assert.Equal([Digest.Zero, log[0].Digest, log[1].Digest], log.Select(e => e.Previous));
        Assert.Equal(log[2].Digest, _events.Head);
    }

    [Fact]
    public void An_event_that_could_not_be_appended_is_as_if_it_had_never_been_made()
    {
        var log = Three();
        _events.TakeBack(log[2]);
        Assert.Equal((log[1].Digest, 2), (_events.Head, _events.Seen.Length));
        var again = _events.Next(Time, "other", Observer.Harness, _ => { });
        Assert.Equal((3, log[1].Digest), (again.Sequence, again.Previous));
        Assert.Throws<ArgumentException>(() => _events.TakeBack(log[1]));
        Assert.Throws<ArgumentException>(() => _events.TakeBack(log[2]));
    }

    [Fact]
    public void Before_the_first_event_the_head_is_64_zeros() => Assert.Equal(Digest.Zero, _events.Head);

    [Fact]
    public void Name_and_observer_of_each_event_are_kept_for_the_judge()
    {
        Three();
        Assert.Equal(
            [("run.started", Observer.Harness), ("sandbox.started", Observer.Kernel), ("plan.updated", Observer.Backend)],
            _events.Seen.ToArray());
    }

    [Fact]
    public void A_line_is_JSON_with_exactly_the_fields_of_the_schema()
    {
        using var line = JsonDocument.Parse(Three()[1].ToLine());
        Assert.Equal(
            ["seq", "time", "event", "run_id", "observer", "data", "prev", "digest"],
            line.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("2026-06-01T02:58:17.250Z", line.RootElement.GetProperty("time").GetString());
        Assert.Equal("kernel", line.RootElement.GetProperty("observer").GetString());
    }

    [Fact]
    public void Whoever_reads_a_line_can_compute_its_digest() =>
        Law.Holds(Some.Text, text =>
        {
            var line = JsonNode.Parse(new EventSequencer(Sample.FakeRun.Identity.Run).Next(Time, "x", Observer.Harness, json => json.WriteString("text", text)).ToLine())!.AsObject();
            var stated = line["digest"]!.GetValue<string>();
            line.Remove("digest");
            return Digest.Of(CanonicalJson.TryFrom(Encoding.UTF8.GetBytes(line.ToJsonString()))!).ToString() == stated;
        });

    [Fact]
    public void Any_other_time_name_observer_or_data_gives_another_digest()
    {
        var first = Three()[1];
        Assert.Equal(
            7,
            new[]
            {
                first, first with { Sequence = 3 }, first with { Time = Time.AddMilliseconds(1) }, first with { Name = "other" },
                first with { Observer = Observer.Backend }, first with { Data = "{}"u8.ToArray() }, first with { Previous = Digest.Zero },
            }.Select(e => e.Digest).Distinct().Count());
    }

    [Fact]
    public void Whatever_the_data_an_event_is_one_line()
    {
        Law.Holds(Some.Text, text => Line(text) is [.. var body, (byte)'\n'] && !body.AsSpan().ContainsAnyInRange((byte)0, (byte)0x1f));
        Assert.Equal("a\n{\"seq\":9}\r\u001b", JsonNode.Parse(Line("a\n{\"seq\":9}\r\u001b"))!["data"]!["a\nb"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("\u0085")]
    [InlineData("\u2028")]
    [InlineData("\u009b2J")]
    [InlineData("\u202e")]
    public void Nothing_in_the_data_reaches_a_reader_of_the_log_raw(string text) =>
        Assert.True(Ascii.IsValid(Line(text)), Convert.ToHexString(Line(text)));

    [Fact]
    public void Data_without_a_canonical_form_is_a_bug_and_makes_no_event()
    {
        Assert.Throws<InvalidOperationException>(() => _events.Next(Time, "x", Observer.Harness, json => json.WriteNumber("n", 0.5)));
        Assert.Empty(_events.Seen);
        Assert.Equal(Digest.Zero, _events.Head);
    }

    private static byte[] Line(string text) =>
        new EventSequencer(Sample.FakeRun.Identity.Run).Next(Time, text, Observer.Harness, json => json.WriteString("a\nb", text)).ToLine();

    private RunEvent[] Three() =>
    [
        _events.Next(Time, EventNames.RunStarted, Observer.Harness, _ => { }),
        _events.Next(Time, EventNames.SandboxStarted, Observer.Kernel, json =>
        {
            json.WriteNumber("pid", 4);
            json.WriteStrings("argv", ["/bin/sh", "a \"quoted\"\n\u001b name"]);
            json.WriteNull("exit");
        }),
        _events.Next(Time.AddMilliseconds(1), EventNames.PlanUpdated, Observer.Backend, json => json.WriteBoolean("claimed", true)),
    ];
}
