using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Documents.Engines;
using CtoHarness.Tests.Documents;

namespace CtoHarness.Tests.Core.Engines;

[Trait("Mission", "M20")]
public sealed class EngineRecordTests
{
    [Fact]
    public void Of_an_engine_that_has_nothing_more_nothing_more_is_recorded() =>
        Approved.Matches("engine.fake", EngineRecord.Of(Sample.Fake, new EngineFound("/x/engine.sh", Digest.Of("x"u8))));

    [Fact]
    public void Of_a_package_all_is_recorded_with_the_manifest_as_it_was_written()
    {
        var bytes = DocumentText.Shipped("engines", "pi.yaml");
        var engine = DocumentText.Sound(EngineDocument.Read("pi.yaml", "pi", bytes));
        Approved.Matches("engine.pi", EngineRecord.Of(engine, new EngineFound("/opt/pi/node_modules/p/cli.js", Digest.Of("x"u8), "/usr/bin/node", "/opt/pi/node_modules", "0.73.1")));
        Assert.Equal(Digest.Of(bytes), Digest.Of(Encoding.UTF8.GetBytes(engine.Text)));
    }

    [Fact]
    public void The_version_of_the_manifest_is_stronger_than_what_a_program_tells() =>
        Assert.Contains("\"version\": \"1\"", Encoding.UTF8.GetString(EngineRecord.Of(Sample.Fake, new EngineFound("", null, Version: "2"))), StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_is_part_of_the_manifest()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. DocumentText.Shipped("engines", "fake.yaml")];
        var engine = DocumentText.Sound(EngineDocument.Read("fake.yaml", "fake", bytes));
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(engine.Text));
        Assert.Equal(Digest.Of(bytes), engine.TextDigest);
    }
}
