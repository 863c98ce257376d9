using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace CtoHarness.Tests.Architecture;

/// <summary>What a built assembly takes from others, read from its metadata: what is not there cannot be called.</summary>
/// <param name="Assemblies">Names of the assemblies it refers to.</param>
/// <param name="Types">Full names of their types, nested ones after a plus sign, each behind its assembly in brackets.</param>
/// <param name="Members">Their members as <c>TYPE::MEMBER</c>, without the assembly.</param>
/// <param name="NativeModules">Libraries from which it imports functions.</param>
internal sealed record AssemblyNeeds(
    IReadOnlyList<string> Assemblies, IReadOnlyList<string> Types, IReadOnlyList<string> Members, IReadOnlyList<string> NativeModules)
{
    public static AssemblyNeeds Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var data = file.GetMetadataReader();
        return new AssemblyNeeds(
            Sorted(data.AssemblyReferences.Select(handle => data.GetString(data.GetAssemblyReference(handle).Name))),
            Sorted(data.TypeReferences.Select(handle => $"[{ScopeOf(data, handle)}] {NameOf(data, handle)}")),
            Sorted(data.MemberReferences.Select(data.GetMemberReference)
                .Where(member => member.Parent.Kind == HandleKind.TypeReference)
                .Select(member => $"{NameOf(data, (TypeReferenceHandle)member.Parent)}::{data.GetString(member.Name)}")),
            Sorted(Enumerable.Range(1, data.GetTableRowCount(TableIndex.ModuleRef))
                .Select(row => data.GetString(data.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name))));
    }

    private static string NameOf(MetadataReader data, TypeReferenceHandle handle)
    {
        var type = data.GetTypeReference(handle);
        var name = data.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference ? $"{NameOf(data, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : type.Namespace.IsNil ? name
            : $"{data.GetString(type.Namespace)}.{name}";
    }

    private static string ScopeOf(MetadataReader data, TypeReferenceHandle handle)
    {
        var scope = data.GetTypeReference(handle).ResolutionScope;
        return scope.Kind == HandleKind.TypeReference
            ? ScopeOf(data, (TypeReferenceHandle)scope)
            : data.GetString(data.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
    }

    private static List<string> Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
