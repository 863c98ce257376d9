using System.Collections.Immutable;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Engines;

/// <summary>Reads which program an engine is, what it may use up, and which model it calls.</summary>
internal static class ProgramFields
{
    private const string NoWire = "none";

    internal static EngineManifest Read(FieldReader fields, EngineManifest head)
    {
        var (name, variable, interpreter, isPackage) = Executable(fields);
        var version = fields.Texts("version_command", required: false);
        var wire = Wire(fields);
        return head with
        {
            ExecutableName = name,
            ExecutableVariable = variable,
            InterpreterName = interpreter.Name,
            InterpreterVariable = interpreter.Variable,
            IsPackage = isPackage,
            VersionArguments = [.. version.Select(word => word.Text)],
            ProviderWire = wire is null or NoWire ? "" : wire,
            Model = Model(fields, wire),
            Limits = Limits(fields),
            IsDeclaredStandIn = fields.Flag("stand_in"),
        };
    }

    private static (string Name, string Variable, (string Name, string Variable) Interpreter, bool IsPackage) Executable(FieldReader fields)
    {
        if (fields.Inner("executable") is not { } inner)
        {
            fields.Missing("executable", "add executable: {name: PROGRAM, variable: CTO_HARNESS_…_BIN}");
            return ("", "", ("", ""), false);
        }

        var (name, variable) = Program(inner, fields.At("executable"), "executable");
        var isPackage = inner.Flag("package");
        var interpreter = (Name: "", Variable: "");
        if (inner.Inner("interpreter") is { } program)
        {
            interpreter = Program(program, inner.At("interpreter"), "interpreter");
            program.Finish();
        }
        else if (isPackage)
        {
            inner.Missing("interpreter", "add interpreter: {name: node, variable: CTO_HARNESS_NODE_BIN}: a package is run by a program");
        }

        inner.Finish();
        return (name, variable, interpreter, isPackage);
    }

    private static (string Name, string Variable) Program(FieldReader inner, YamlNode at, string what)
    {
        var name = inner.Text("name");
        var variable = inner.Text("variable");
        if (name.Contains('/', StringComparison.Ordinal))
        {
            inner.Report(at, $"{what} name is {PlainText.Quote(name)}", "write a program's name as PATH has it; a path goes into the variable");
        }

        if (variable.Length > 0 && !variable.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            inner.Report(at, $"{what} variable is {PlainText.Quote(variable)}", "use upper-case letters, digits and underscores");
        }

        return (name, variable);
    }

    private static string? Wire(FieldReader fields)
    {
        var wire = fields.Text("wire");
        if (wire is Provider.ChatCompletions or NoWire)
        {
            return wire;
        }

        if (wire.Length > 0)
        {
            fields.Report(fields.At("wire"), $"wire is {PlainText.Quote(wire)}", $"known are: {Provider.ChatCompletions}, {NoWire}");
        }

        return null;
    }

    private static ModelName? Model(FieldReader fields, string? wire)
    {
        if (fields.Inner("model") is not { } inner)
        {
            if (wire != NoWire)
            {
                fields.Missing("model", "add model: {provider: PROVIDER, name: MODEL}");
            }

            return null;
        }

        if (wire == NoWire)
        {
            fields.Report(fields.At("model"), "an engine whose wire is none calls no model", $"take the model out, or write wire: {Provider.ChatCompletions}");
        }

        var model = new ModelName(inner.Text("provider"), inner.Text("name"));
        inner.Finish();
        return model;
    }

    private static ImmutableSortedDictionary<string, long> Limits(FieldReader fields)
    {
        var limits = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        if (fields.Inner("limits") is { } inner)
        {
            foreach (var (name, policy) in EngineLimits.Known)
            {
                var key = PolicyKeys.All.First(one => one.Name == policy);
                if (inner.Whole(name, key.Min, key.Max, required: false) is { } most)
                {
                    limits[policy] = most;
                }
            }

            inner.Finish();
        }

        return limits.ToImmutable();
    }
}
