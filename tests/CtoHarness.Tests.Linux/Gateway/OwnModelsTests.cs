using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gateway;

/// <summary>The user's models.yaml lies over the harness's.</summary>
[Trait("Mission", "M10")]
public sealed class OwnModelsTests
{
    private const string Head = "schema: cto-harness/models/v1\nproviders:\n";

    [Fact]
    public void An_address_of_the_user_s_own_leaves_the_rest_as_it_is()
    {
        using var root = new TempRoot();
        root.Write("own/models.yaml", Head + "  - {name: qwen-local, base_url: \"http://10.0.0.7:8000/v1\"}\n");
        var registry = Assert.IsType<Parsed<ModelRegistry>.Value>(Models(root)).Result;
        Assert.Equal("http://10.0.0.7:8000/v1", registry.Find("qwen-local")!.Address);
        Assert.Equal(ModelAdmission.Admitted, registry.AdmissionOf(new ModelName("qwen-local", "qwen3.6-35b-a3b")));
        Assert.Equal(ModelAdmission.Refused, registry.AdmissionOf(new ModelName("qwen-local", "qwen3.6-35b-a3b-abliterated")));
    }

    [Fact]
    public void The_problems_of_both_files_are_reported_at_once()
    {
        using var root = new TempRoot();
        root.Edit("harness/models.yaml", "title:", "titel:");
        root.Write("own/models.yaml", Head + "  - {name: qwen-local, base_url: x}\n");
        var problems = Assert.IsType<Parsed<ModelRegistry>.Refused>(Models(root)).Problems;
        Assert.Contains(problems, problem => problem.Where == root.At("harness/models.yaml"));
        Assert.Contains(problems, problem => problem.Where == root.At("own/models.yaml") && problem.Message.Contains("base_url", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_the_user_that_is_none_is_a_problem_and_not_passed_over()
    {
        using var root = new TempRoot();
        Directory.CreateDirectory(root.At("own/models.yaml"));
        Assert.IsType<Parsed<ModelRegistry>.Refused>(Models(root));
    }

    private static Parsed<ModelRegistry> Models(TempRoot root) =>
        Assert.IsType<Parsed<HarnessRoot>.Value>(HarnessRoot.Open(root.Harness, root.At("own"))).Result.Models();
}
