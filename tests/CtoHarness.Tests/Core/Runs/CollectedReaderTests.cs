using System.Collections.Immutable;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Runs;

[Trait("Mission", "M20")]
public sealed class CollectedReaderTests
{
    // Each lane is searched for in the whole bundle.
    [Fact]
    public void There_are_no_more_controls_than_a_fixture_can_name()
    {
        Assert.NotNull(Read(LanesNote.MostControls));
        Assert.Null(Read(LanesNote.MostControls + 1));
    }

    private static Collected? Read(int controls)
    {
        ImmutableArray<ControlNote> all = [.. Enumerable.Range(0, controls).Select(number => new ControlNote($"c{number}", "", BlockerCode.NoDiff))];
        var collected = new Collected(new TwoClocks(DateTimeOffset.UnixEpoch, 1), "") { Lanes = new LanesNote(false, all, false) };
        return CollectedReader.TryRead(JsonFields.TryParse(JsonText.Line(json =>
        {
            json.WriteStartObject();
            CollectedJson.Write(json, collected);
            json.WriteEndObject();
        }))!.Value);
    }
}
