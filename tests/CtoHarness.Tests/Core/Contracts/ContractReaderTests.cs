using System.Text;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Tests.Core.Contracts;

[Trait("Mission", "M18")]
public sealed class ContractReaderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_frozen_contract_is_read_again_to_the_byte(bool fake)
    {
        var contract = (fake ? Sample.FakeRun : Sample.CaseRun).Contract!;
        var again = ContractReader.TryRead(ContractJson.Of(contract))!;
        Assert.Equal(ContractJson.Of(contract), ContractJson.Of(again));
        Assert.Equal(contract.Limits, again.Limits);
        Assert.Equal(contract.Fixture.TestCommand.ToArray(), again.Fixture.TestCommand.ToArray());
        Assert.Equal(contract.Model, again.Model);
    }

    [Fact]
    public void Whatever_else_the_bytes_are_they_are_no_contract()
    {
        var whole = ContractJson.Of(Sample.CaseRun.Contract!);
        Law.Holds(FsCheck.Fluent.Gen.Choose(0, whole.Length - 1), at => ContractReader.TryRead(whole.AsMemory(0, at)) is null);
        Law.Holds(Some.Bytes, bytes => ContractReader.TryRead(bytes) is null);
        Law.Holds(
            Some.Glued("{", "}", "[", "]", ",", ":", "\"task_id\":\"x\"", "\"limits\":{}", "\"digests\":{}", "\"stage\":2", "\"allowed_files\":[]", "\"\\ud800\"", "null", "1e999"),
            bytes => ContractReader.TryRead(bytes) is null,
            tries: 1000);
        Assert.Null(ContractReader.TryRead(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(whole).Replace("\"wall_seconds\"", "\"wall_minutes\"", StringComparison.Ordinal))));
    }
}
