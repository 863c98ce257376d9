using System.Text;
using System.Text.Json.Nodes;
using CtoHarness.Core.Contracts;

namespace CtoHarness.Tests.Core.Contracts;

public sealed class ContractJsonTests
{
    [Fact]
    public void A_contract_is_written_in_a_fixed_form() => Approved.Matches("contract.json", ContractJson.Of(Sample.CaseRun.Contract!));

    [Fact]
    [Trait("Mission", "M20")]
    public void Any_other_contract_has_another_digest()
    {
        var one = Sample.CaseRun.Contract!;
        Contract[] others =
        [
            one,
            one with { Nonce = new string('b', 64) },
            one with { Instruction = "" },
            one with { Stage = 3 },
            one with { Model = null },
            one with { Engine = "fake" },
            one with { PolicyDigest = Digest.Zero },
            one with { FixtureDigest = Digest.Zero },
            one with { Limits = one.Limits with { WallSeconds = 1 } },
            one with { Fixture = one.Fixture with { AllowedFiles = [] } },
            one with { Fixture = one.Fixture with { TestCommand = ["true"] } },
        ];
        Assert.Equal(others.Length, others.Select(contract => Digest.Of(ContractJson.Of(contract))).Distinct().Count());
    }

    [Fact]
    public void A_hostile_instruction_stays_a_text()
    {
        var contract = Sample.CaseRun.Contract! with { Instruction = "a\"},\n\"stage\":4,\u001b\u2028" };
        var json = JsonNode.Parse(ContractJson.Of(contract))!;
        Assert.Equal(contract.Instruction, json["instruction"]!.GetValue<string>());
        Assert.Equal(2, json["stage"]!.GetValue<int>());
        Assert.True(Ascii.IsValid(ContractJson.Of(contract)));
    }
}
