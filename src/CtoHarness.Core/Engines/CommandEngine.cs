using System.Collections.Immutable;
using CtoHarness.Core.Engines.Wires;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Engines;

/// <summary>Any program that a manifest describes whole: what it is told, where, and how its records are read.</summary>
/// <param name="manifest">The engine.</param>
public sealed class CommandEngine(EngineManifest manifest) : IEngine
{
    /// <inheritdoc/>
    public string Kind => manifest.Kind;

    /// <inheritdoc/>
    public bool SeesSolution => false;

    /// <inheritdoc/>
    public EngineCommand CommandFor(EngineTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var values = Placeholders.ValuesOf(task);
        var program = task.Interpreter.Length > 0 ? task.Interpreter : task.Program;
        var script = task.Interpreter.Length > 0 ? ImmutableArray.Create(task.Program) : [];
        var command = new EngineCommand(
            program,
            [.. script, .. manifest.Arguments.Select(Plain)],
            manifest.Environment.ToImmutableSortedDictionary(one => one.Key, one => Plain(one.Value), StringComparer.Ordinal))
        {
            Input = Plain(manifest.Input),
            OutputFile = PathPattern.TryParse(Plain(manifest.OutputFile), out var pattern) ? pattern : null,
        };
        var (files, fault) = Files(values);
        var refusal = fault.Length > 0 ? fault : CommandBounds.FaultOf(command) is { Length: > 0 } bounds ? bounds : OwnFault(task);
        return refusal.Length > 0 ? EngineCommand.Refused($"the engine {manifest.Name} cannot be started: {refusal}") : command with { Files = files };

        string Plain(string template) => Placeholders.Expand(template, values.GetValueOrDefault);
    }

    /// <inheritdoc/>
    public EngineEvent? Recognise(ReadOnlySpan<byte> line) => manifest.Output switch
    {
        OutputWire.JsonLines => JsonLine.Recognise(line),
        OutputWire.Pi => PiLine.Recognise(line),
        OutputWire.Case => CaseLine.Recognise(line),
        _ => null,
    };

    private (ImmutableArray<PlacedFile> Files, string Fault) Files(ImmutableSortedDictionary<string, string> values)
    {
        var files = ImmutableArray.CreateBuilder<PlacedFile>();
        foreach (var template in manifest.Files)
        {
            var text = template.Expand(values.GetValueOrDefault);
            if (text is null)
            {
                return ([], $"what is written to {PlainText.Quote(template.Path)} is no JSON, or holds half a character");
            }

            if (!RelativePath.TryParse(Placeholders.Expand(template.Path, values.GetValueOrDefault), out var path))
            {
                return ([], $"{PlainText.Quote(template.Path)} gives no path of a file");
            }

            files.Add(new PlacedFile(template.Place, path, text));
        }

        return (files.ToImmutable(), "");
    }

    // What is left out of the change must not be able to hide one.
    private string OwnFault(EngineTask task)
    {
        foreach (var file in task.Contract.AllowedFiles)
        {
            if (manifest.OwnFiles.FirstOrDefault(one => one.Covers(file)) is { } own)
            {
                return $"its own_files have {PlainText.Quote(own.Text)}, which covers {PlainText.Quote(file.ToString())}, a file that the task may change";
            }
        }

        return "";
    }
}
