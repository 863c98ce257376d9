using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Models;

namespace CtoHarness.Tests.Documents.Models;

[Trait("Mission", "M10")]
public sealed class ModelsDocumentTests
{
    [Fact]
    public void The_registry_of_the_checkout_admits_its_first_model_and_no_unknown_one()
    {
        var registry = DocumentText.Sound(ModelsDocument.Read("models.yaml", DocumentText.Shipped("models.yaml")));
        Assert.Equal(ModelAdmission.Admitted, registry.AdmissionOf(new ModelName("qwen-local", "qwen3.6-35b-a3b")));
        Assert.Equal(ModelAdmission.Refused, registry.AdmissionOf(new ModelName("qwen-local", "qwen3.6-35b-a3b-abliterated")));
        Assert.Equal(ModelAdmission.Unknown, registry.AdmissionOf(new ModelName("qwen-local", "qwen3.6-35b")));
    }

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("models.problems", DocumentText.Problems(Read(
        """
        schema: cto-harness/models/v0
        providers:
          - name: p
            title: P
            url: http://x
            models:
              - {name: m, admission: yes}
              - {name: m, admission: admitted}
              - {admission: admitted}
          - name: q
            models: none
        default: m
        """)));

    [Theory]
    [InlineData("Admitted")]
    [InlineData("true")]
    [InlineData("admitted ")]
    [InlineData("")]
    public void A_model_is_admitted_by_exactly_one_word(string word) =>
        Assert.IsType<Parsed<ModelRegistry>.Refused>(Read($"schema: cto-harness/models/v1\nproviders: [{{name: p, title: t, models: [{{name: m, admission: \"{word}\"}}]}}]"));

    [Fact]
    public void A_registry_may_be_empty_and_then_admits_nothing() =>
        Assert.Equal(ModelAdmission.Unknown, DocumentText.Sound(Read("schema: cto-harness/models/v1\nproviders: []")).AdmissionOf(new ModelName("p", "m")));

    [Fact]
    public void A_registry_without_providers_is_a_problem() =>
        Assert.Equal("models.yaml:1:1: \"providers\" is missing; add providers: with a list\n", DocumentText.Problems(Read("schema: cto-harness/models/v1")));

    private static Parsed<ModelRegistry> Read(string text) => ModelsDocument.Read("models.yaml", DocumentText.Bytes(text));
}
