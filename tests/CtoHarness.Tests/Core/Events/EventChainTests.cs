using System.Text;
using CtoHarness.Core.Events;
using CtoHarness.Core.Runs;

namespace CtoHarness.Tests.Core.Events;

[Trait("Mission", "M18")]
public sealed class EventChainTests
{
    private static readonly DateTimeOffset Time = new(2026, 6, 1, 2, 58, 17, 250, TimeSpan.Zero);
    private static readonly RunId Run = Sample.FakeRun.Identity.Run;
    private static readonly byte[] Whole = Lines();

    [Fact]
    public void A_whole_file_is_read_to_its_end()
    {
        var events = EventChain.Read(Whole, Run);
        Assert.Equal([EventNames.RunStarted, EventNames.SandboxStarted, EventNames.PlanUpdated], events.Select(one => one.Name));
        Assert.Equal([Observer.Harness, Observer.Kernel, Observer.Backend], events.Select(one => one.Observer));
        Assert.Equal(Whole.Length, events[^1].End);
        Assert.Equal(Time, events[0].Time);
        Assert.Equal("\u2028 \u001b", events[1].Data.GetProperty("text").GetString());
    }

    [Fact]
    public void A_torn_last_line_is_left_out()
    {
        var last = EventChain.Read(Whole, Run)[1].End;
        for (var end = last; end < Whole.Length; end++)
        {
            Assert.Equal(last, EventChain.Read(Whole.AsMemory(0, end), Run)[^1].End);
        }
    }

    [Fact]
    public void From_a_line_on_in_which_any_byte_was_changed_nothing_is_read()
    {
        var lines = EventChain.Read(Whole, Run);
        Law.Holds(FsCheck.Fluent.Gen.Choose(0, Whole.Length - 1), at =>
        {
            var changed = Whole.ToArray();
            changed[at] ^= 1;
            return EventChain.Read(changed, Run).Length <= lines.Count(line => line.End <= at);
        });
    }

    [Fact]
    public void Lines_that_are_sound_but_stand_elsewhere_are_not_read()
    {
        var lines = EventChain.Read(Whole, Run);
        Assert.Empty(EventChain.Read(Whole.AsMemory(lines[0].End), Run));
        Assert.Single(EventChain.Read((byte[])[.. Whole[..lines[0].End], .. Whole], Run));
        Assert.True(RunId.TryParse("20260601T025817Z-another-1", out var other));
        Assert.Empty(EventChain.Read(Whole, other));
    }

    [Fact]
    public void Reading_ends_whatever_the_bytes_are()
    {
        Law.Ends(Some.Bytes, bytes => EventChain.Read(bytes, Run));
        Law.Ends(
            Some.Glued("{", "}", "\n", "\"seq\":1", ",", ":", "\"digest\":\"sha256:" + new string('0', 64) + "\"", "\"data\":{}", "\"\\ud800\"", "[", "]", "1e999", "\"prev\"", "\"\\ud800\":1"),
            bytes => EventChain.Read(bytes, Run),
            tries: 1000);
    }

    private static byte[] Lines()
    {
        var events = new EventSequencer(Run);
        return
        [
            .. events.Next(Time, EventNames.RunStarted, Observer.Harness, json => json.WriteNumber("process", 5)).ToLine(),
            .. events.Next(Time, EventNames.SandboxStarted, Observer.Kernel, json => json.WriteString("text", "\u2028 \u001b")).ToLine(),
            .. events.Next(Time, EventNames.PlanUpdated, Observer.Backend, json => json.WriteString("word", Encoding.UTF8.GetString("ä"u8))).ToLine(),
        ];
    }
}
