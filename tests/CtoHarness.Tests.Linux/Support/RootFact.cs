namespace CtoHarness.Tests.Linux.Support;

/// <summary>A test that only root can make: it mounts, or looks at another user's processes.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (Environment.UserName != "root")
        {
            Skip = "only root can make this test; CI does";
        }
    }
}

/// <summary>Several such tests.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (Environment.UserName != "root")
        {
            Skip = "only root can make these tests; CI does";
        }
    }
}
