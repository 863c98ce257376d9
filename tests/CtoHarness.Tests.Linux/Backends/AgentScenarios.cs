using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What must come of each scenario, whichever backend it is, and whatever its program says of itself.</summary>
internal static class AgentScenarios
{
    /// <summary>Asserts the verdict of a run, and all that holds of every run.</summary>
    /// <param name="finished">The run.</param>
    /// <param name="status">Its status.</param>
    /// <param name="fault">Whose fault it is.</param>
    /// <param name="decisive">The blocker that decides; empty for a pass.</param>
    public static Bundle Came(this Finished finished, string status, string fault, string decisive)
    {
        finished.Expect(status switch { "pass" => 0, "fail" => 1, "blocked" => 3, _ => 4 });
        var bundle = finished.Bundle().AssertWhole();
        var told = $"{bundle.Status}/{bundle.Report["fault"]} [{string.Join(", ", bundle.Codes)}]\n{bundle.Messages}\n{bundle.Text("backend/stderr.log")}";
        Assert.True(bundle.Status == status && bundle.Report["fault"]!.GetValue<string>() == fault, told);
        Assert.True(decisive.Length == 0 ? bundle.Codes.Count == 0 : bundle.Codes.Contains(decisive), told);
        if (status != "blocked")
        {
            Assert.Equal(0, bundle.Report["sandbox"]!["survivors"]!.GetValue<int>());
            Assert.True(bundle.Report["provider_stand_in"]!.GetValue<bool>());
            Assert.Equal("admitted", (bundle.Report["model_admission_status"] ?? bundle.Report["case_model_admission_status"])!.GetValue<string>());
        }

        Assert.Equal("not_admitted", bundle.Report["source_admission_status"]!.GetValue<string>());
        return bundle;
    }
}
