using System.Collections.Immutable;
using CtoHarness.Core.Engines;

namespace CtoHarness.Tests.Core.Engines;

/// <summary>What an adapter is told in these tests.</summary>
internal static class SomeTask
{
    public static EngineTask Of(EngineManifest engine, string? instruction = null) => new(
        engine,
        Sample.CaseRun.Contract! with { Instruction = instruction ?? "Say \"it\"\nand \\ stop.\n", Fixture = Sample.Fixture with { TestCommand = ["python3", "-c", "print('a b')"] } },
        new EnginePaths("/work", "/home", "/out", "/given"),
        "/opt/agent/agent.js",
        engine.InterpreterName.Length > 0 ? "/usr/bin/node" : "",
        "http://127.0.0.1:4000/v1",
        new DateTimeOffset(2026, 6, 1, 2, 58, 17, 250, TimeSpan.Zero));

    /// <summary>An engine that is told just this.</summary>
    public static EngineManifest Told(params string[] arguments) =>
        new("some", "command", "Some", "", "", "some", "SOME_BIN", null, []) { Arguments = [.. arguments] };

    /// <summary>The file of an engine that has one.</summary>
    public static EngineManifest Given(FileTemplate file) => Told() with { Files = [file] };

    public static ImmutableArray<string> Arguments(EngineManifest engine, string? instruction = null)
    {
        var command = new CommandEngine(engine).CommandFor(Of(engine, instruction));
        Assert.Equal("", command.Refusal);
        return command.Arguments;
    }
}
