using CtoHarness.Core.Engines;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Architecture;

public sealed class PublicApiTests
{
    [Fact]
    public void What_Core_promises_to_others_was_approved() => Approved.Matches("Core.PublicApi", PublicApi.Of(typeof(Judge).Assembly));

    [Fact]
    public void Nobody_can_inherit_from_a_public_type_of_Core_that_was_not_made_for_it() =>
        Assert.DoesNotContain(
            typeof(Judge).Assembly.GetExportedTypes(),
            type => type.IsClass && !type.IsSealed && !type.IsAbstract);

    [Fact]
    public void An_abstract_type_of_Core_is_a_closed_set_of_cases() =>
        Assert.DoesNotContain(
            typeof(Judge).Assembly.GetExportedTypes().Where(type => type.IsAbstract && !type.IsSealed && !type.IsInterface),
            type => type.GetConstructors(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)
                .Any(one => !one.IsPrivate && !IsCopying(one, type)));

    [Fact]
    [Trait("Mission", "M05")]
    public void The_engine_is_the_only_seam_of_Core() =>
        Assert.Equal([typeof(IEngine)], typeof(Judge).Assembly.GetExportedTypes().Where(type => type.IsInterface));

    // The compiler gives every record one to copy itself; deriving from it still needs another constructor.
    private static bool IsCopying(System.Reflection.ConstructorInfo constructor, Type type) =>
        constructor.GetParameters() is [var only] && only.ParameterType == type;
}
