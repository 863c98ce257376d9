using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gates;

[Trait("Mission", "M06")]
public sealed class OpenGateTests
{
    [Fact]
    public void Without_the_program_the_report_says_where_it_was_looked_for_and_how_to_set_it()
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case").WithOpenGates().Set("PATH", "/usr/bin:/bin:/some/where").Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.Contains("backend-not-found", bundle.Codes);
        Assert.Contains("/some/where", bundle.Messages, StringComparison.Ordinal);
        Assert.Contains("CTO_HARNESS_CASE_BIN", bundle.Messages, StringComparison.Ordinal);
        Assert.All(bundle.Report["gates"]!.AsArray(), gate => Assert.True(gate!["open"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("relative/ca")]
    [InlineData("/nowhere/ca")]
    [InlineData("/etc")]
    [InlineData("/etc/passwd")]
    public void A_variable_that_names_no_program_is_not_found_and_PATH_is_not_used_instead(string value)
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case").WithCaseInPath().WithOpenGates().Set("CTO_HARNESS_CASE_BIN", value).Run().Expect(3).Bundle();
        Assert.Contains("backend-not-found", bundle.Codes);
        Assert.Contains($"\"{value}\"", bundle.Messages, StringComparison.Ordinal);
        CaseBinary.AssertNotStarted(root);
    }

    [Fact]
    [Trait("Mission", "M20")]
    public void With_the_program_there_its_digest_is_in_the_report_although_it_may_not_start()
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case").WithCaseInVariable().WithOpenGates().Run().Expect(3).Bundle();
        bundle.Expect("blocked", "provider-unavailable");
        var digest = Tool.Run("sha256sum", root.At("elsewhere/my-case")).Split(' ')[0];
        Assert.Equal("sha256:" + digest, bundle.Report["backend_digest"]!.GetValue<string>());
    }

    [Theory]
    [Trait("Mission", "M10")]
    [InlineData("qwen-local/qwen3.6-35b-a3b-abliterated", "refused")]
    [InlineData("qwen-local/never-heard-of", "unknown")]
    [InlineData("elsewhere/qwen3.6-35b-a3b", "unknown")]
    [InlineData("QWEN3.6-35B-A3B", "unknown")]
    public void A_model_that_is_not_admitted_is_refused_before_the_start(string model, string admission)
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case", "--model", model).WithCaseInPath().WithOpenGates().Run().Expect(3).Bundle();
        Assert.Equal("blocked", bundle.Status);
        Assert.Contains("model-not-admitted", bundle.Codes);
        Assert.Equal(admission, bundle.Report["case_model_admission_status"]!.GetValue<string>());
        CaseBinary.AssertNotStarted(root);
    }

    [Fact]
    [Trait("Mission", "M10")]
    public void Control_the_admitted_model_is_not_the_reason()
    {
        using var root = new TempRoot();
        var bundle = root.Run("--engine", "case", "--model", "qwen-local/qwen3.6-35b-a3b").WithCaseInPath().WithOpenGates().Run().Expect(3).Bundle();
        Assert.DoesNotContain("model-not-admitted", bundle.Codes);
        Assert.Equal("admitted", bundle.Report["case_model_admission_status"]!.GetValue<string>());
        Assert.Equal("not_admitted", bundle.Report["source_admission_status"]!.GetValue<string>());
    }
}
