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
            base_url: http://x/
            wire: openai-responses
            key_env: "sk-0123"
            key_file: key
            stand_in: maybe
            models:
              - {name: m, admission: yes}
              - {name: m, admission: admitted}
              - {admission: admitted}
          - name: q
            models: none
          - name: q
            title: Q
            models: []
          - {title: R, models: []}
        default: m
        """)));

    [Fact]
    public void A_provider_is_described_whole()
    {
        var registry = DocumentText.Sound(Read(Providers("""
            - name: p
              title: P
              base_url: https://models.example:8443/api/v1
              wire: openai-chat-completions
              key_file: /etc/key
              stand_in: true
              models: []
            - {name: q, title: Q, key_env: Q_KEY, models: []}
            """)));
        Assert.Equal(new Provider("p", "P", "https://models.example:8443/api/v1", Provider.ChatCompletions, "", "/etc/key", true), registry.Find("p"));
        Assert.Equal(new Provider("q", "Q", "", Provider.ChatCompletions, "Q_KEY", "", false), registry.Find("q"));
        Assert.Null(registry.Find("r"));
    }

    [Fact]
    public void The_first_provider_of_the_checkout_is_a_server_on_this_machine() =>
        Assert.Equal(
            "http://127.0.0.1:8080/v1",
            DocumentText.Sound(ModelsDocument.Read("models.yaml", DocumentText.Shipped("models.yaml"))).Find("qwen-local")!.Address);

    [Fact]
    public void A_second_file_changes_the_fields_and_models_that_it_names_and_adds_new_ones()
    {
        var below = DocumentText.Sound(Read(Providers("""
            - {name: p, title: P, base_url: "http://a/v1", key_env: A_KEY, stand_in: true, models: [{name: m, admission: admitted}, {name: n, admission: refused}]}
            - {name: q, title: Q, models: [{name: m, admission: admitted}]}
            """)));
        var registry = DocumentText.Sound(ModelsDocument.Read(
            "own.yaml",
            DocumentText.Bytes(Providers("""
                - {name: p, base_url: "http://b/v1", key_file: /key, stand_in: false, models: [{name: m, admission: refused}, {name: o, admission: admitted}]}
                - {name: r, title: R, models: [{name: x, admission: admitted}]}
                """)),
            below));
        Assert.Equal(new Provider("p", "P", "http://b/v1", Provider.ChatCompletions, "", "/key", false), registry.Find("p"));
        Assert.Equal(below.Find("q"), registry.Find("q"));
        Assert.Equal("R", registry.Find("r")!.Title);
        Assert.Equal(
            ["p/n Refused", "q/m Admitted", "p/m Refused", "p/o Admitted", "r/x Admitted"],
            registry.Models.Select(one => $"{one.Model} {one.Admission}"));
    }

    [Fact]
    public void A_second_file_that_gives_an_address_alone_changes_nothing_else()
    {
        var below = DocumentText.Sound(ModelsDocument.Read("models.yaml", DocumentText.Shipped("models.yaml")));
        var registry = DocumentText.Sound(ModelsDocument.Read("own.yaml", DocumentText.Bytes(Providers("- {name: qwen-local, base_url: \"http://10.0.0.7:8000/v1\"}")), below));
        Assert.Equal(below.Find("qwen-local")! with { Address = "http://10.0.0.7:8000/v1" }, registry.Find("qwen-local"));
        Assert.Equal(below.Models.AsEnumerable(), registry.Models.AsEnumerable());
    }

    [Fact]
    public void A_new_provider_of_a_second_file_is_described_whole_like_any_other() =>
        Assert.Equal(
            "own.yaml:3:5: \"title\" is missing; add title: …\nown.yaml:3:5: \"models\" is missing; add models: with a list\n",
            DocumentText.Problems(ModelsDocument.Read("own.yaml", DocumentText.Bytes(Providers("  - {name: new}")), new ModelRegistry([]))));

    [Theory]
    [InlineData("http://h")]
    [InlineData("https://h:1/v1")]
    [InlineData("http://127.0.0.1:8080/v1")]
    [InlineData("http://[::1]:8080/a/b-c_d~e/%20")]
    public void An_address_may_be(string address) => Assert.Equal(address, DocumentText.Sound(Read(At(address))).Find("p")!.Address);

    [Theory]
    [InlineData("h:8080/v1")]
    [InlineData("ftp://h/v1")]
    [InlineData("HTTP://h/v1")]
    [InlineData("http://")]
    [InlineData("http:///v1")]
    [InlineData("http://h/")]
    [InlineData("http://h/v1/")]
    [InlineData("http://h//v1")]
    [InlineData("http://h/../v1")]
    [InlineData("http://h/v1?x=1")]
    [InlineData("http://h/v1?")]
    [InlineData("http://h/v1#x")]
    [InlineData("http://u:p@h/v1")]
    [InlineData("http://h:99999/v1")]
    [InlineData("http://h\\\\v1")]
    [InlineData("http://h/v 1")]
    [InlineData("http://h/v\u00e9")]
    [InlineData("http://h\\r\\nX: y")]
    public void An_address_may_not_be(string address) =>
        Assert.Contains("base_url is", DocumentText.Problems(Read(At(address))), StringComparison.Ordinal);

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

    private static string At(string address) => Providers($"- {{name: p, title: t, base_url: \"{address}\", models: []}}");

    private static string Providers(string items) => $"schema: cto-harness/models/v1\nproviders:\n{items}";
}
