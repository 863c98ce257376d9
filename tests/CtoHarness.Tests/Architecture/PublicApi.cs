using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace CtoHarness.Tests.Architecture;

/// <summary>Writes what an assembly promises to others, one line for each thing that somebody could come to depend on.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{KindOf(type)} {NameOf(type, full: true)}{BasesOf(type)}\n");
            foreach (var line in MembersOf(type).Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "open class";

    private static string BasesOf(Type type)
    {
        var bases = type.GetInterfaces().Where(one => !one.Name.StartsWith("IEquatable", StringComparison.Ordinal) && !type.IsEnum)
            .Select(one => NameOf(one)).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            bases.Insert(0, NameOf(parent));
        }

        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)} = {field.Name}"));
        }

        var nullability = new NullabilityInfoContext();
        var constructors = type.GetConstructors(Declared).Select(one => $"new({ParametersOf(one, nullability)})");
        var fields = type.GetFields(Declared)
            .Select(one => $"{(one.IsLiteral ? $"const {one.Name} = {one.GetRawConstantValue()}" : one.Name)}: {NameOf(one.FieldType)}");
        var properties = type.GetProperties(Declared).Select(one => $"{Static(one.GetMethod!)}{one.Name}: {NameOf(one.PropertyType)}{Mark(nullability.Create(one))}{Set(one)}");
        var methods = type.GetMethods(Declared)
            .Where(one => one.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !(one.IsSpecialName && !one.Name.StartsWith("op_", StringComparison.Ordinal)))
            .Select(one => $"{Static(one)}{one.Name}({ParametersOf(one, nullability)}): {NameOf(one.ReturnType)}{Mark(nullability.Create(one.ReturnParameter))}");
        return constructors.Concat(fields).Concat(properties).Concat(methods);
    }

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Set(PropertyInfo property) =>
        property.SetMethod is not { IsPublic: true } set ? ""
        : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init"
        : " set";

    private static string ParametersOf(MethodBase method, NullabilityInfoContext nullability) =>
        string.Join(", ", method.GetParameters().Select(one =>
            $"{(one.IsOut ? "out " : "")}{NameOf(one.ParameterType)}{Mark(nullability.Create(one))} {one.Name}{(one.HasDefaultValue ? $" = {one.RawDefaultValue ?? "null"}" : "")}"));

    private static string Mark(NullabilityInfo info) => !info.Type.IsValueType && info.ReadState == NullabilityState.Nullable ? "?" : "";

    private static string NameOf(Type type, bool full = false)
    {
        if (type.IsByRef || type.IsArray)
        {
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return NameOf(inner) + "?";
        }

        var name = full ? type.FullName! : type.IsNested && !type.IsGenericParameter ? $"{NameOf(type.DeclaringType!)}+{type.Name}" : type.Name;
        return type.IsGenericType && !full ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(one => NameOf(one)))}>" : name;
    }
}
