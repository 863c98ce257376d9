using System.Reflection;

namespace CtoHarness.Tests.Architecture;

/// <summary>What decides a verdict has no access to the machine. The lists of banned symbols miss names; this does not.</summary>
public sealed class PurityTests
{
    private static readonly string[] ForbiddenTypes =
    [
        "System.AppContext", "System.AppDomain", "System.Console", "System.Diagnostics.Stopwatch", "System.GC", "System.Random",
        "System.TimeProvider", "System.TimeZoneInfo", "System.Reflection.Assembly", "System.Activator",
        "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.DriveInfo", "System.IO.File", "System.IO.FileInfo",
        "System.IO.FileStream", "System.IO.FileSystemInfo", "System.IO.FileSystemWatcher", "System.IO.Path", "System.IO.RandomAccess",
        "System.IO.StreamReader", "System.IO.StreamWriter",
        "System.Runtime.InteropServices.Marshal", "System.Runtime.InteropServices.NativeLibrary",
        "System.Security.Cryptography.RandomNumberGenerator",
    ];

    private static readonly string[] ForbiddenBeginnings =
    [
        "Microsoft.Win32.", "System.Diagnostics.Process", "System.IO.IsolatedStorage.", "System.IO.MemoryMappedFiles.", "System.IO.Pipes.",
        "System.Net.", "System.Reflection.Emit.", "System.Runtime.Loader.", "System.Threading.PeriodicTimer", "System.Threading.Tasks.",
        "System.Threading.Thread", "System.Threading.Timer",
    ];

    // The compiler writes this one into every method with yield; it tells nothing of the machine.
    private const string Harmless = "System.Environment::get_CurrentManagedThreadId";

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime::get_Now", "System.DateTime::get_Today", "System.DateTime::get_UtcNow", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.Guid::NewGuid", "System.Guid::CreateVersion7",
    ];

    [Theory]
    [InlineData("Core")]
    [InlineData("Documents")]
    public void Pure_code_touches_no_machine(string name) => Assert.Empty(Impure(Needs(name)));

    [Theory]
    [InlineData("Core")]
    [InlineData("Documents")]
    public void Pure_code_imports_no_native_function(string name) => Assert.Empty(Needs(name).NativeModules);

    [Theory]
    [InlineData("Core")]
    [InlineData("Documents")]
    public void Every_foreign_type_that_pure_code_uses_was_approved(string name) =>
        Approved.Matches($"{name}.ForeignTypes", string.Concat(Needs(name).Types.Where(Acts).Select(type => type + "\n")));

    [Fact]
    public void The_same_questions_find_what_these_tests_themselves_touch()
    {
        var found = Impure(AssemblyNeeds.Of(typeof(PurityTests).Assembly));
        Assert.Contains("System.IO.File", found);
        Assert.Contains("System.IO.Path", found);
        Assert.Contains("System.Environment::GetEnvironmentVariable", found);
    }

    [Fact]
    public void Core_stands_on_nothing_but_the_platform() =>
        Assert.All(Needs("Core").Assemblies, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Fact]
    public void Documents_stand_on_Core_and_the_YAML_parser_alone() =>
        Assert.Equal(
            ["CtoHarness.Core", "YamlDotNet"],
            Needs("Documents").Assemblies.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)));

    // Attributes and what they are given do nothing, and which of them stand there depends on how the assembly was built.
    private static bool Acts(string type) => !type.Contains("Attribute", StringComparison.Ordinal) && !type.EndsWith("DebuggerBrowsableState", StringComparison.Ordinal);

    private static AssemblyNeeds Needs(string name) => AssemblyNeeds.Of(Assembly.Load("CtoHarness." + name));

    private static List<string> Impure(AssemblyNeeds needs)
    {
        var types = needs.Types.Select(type => type[(type.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            .Where(type => ForbiddenTypes.Contains(type, StringComparer.Ordinal)
                || ForbiddenBeginnings.Any(beginning => type.StartsWith(beginning, StringComparison.Ordinal)));
        var members = needs.Members.Where(member => ForbiddenMembers.Contains(member, StringComparer.Ordinal)
            || (member.StartsWith("System.Environment::", StringComparison.Ordinal) && member != Harmless));
        return [.. types, .. members];
    }
}
