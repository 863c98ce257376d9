using CtoHarness.Core.Engines;
using CtoHarness.Runtime.Engines;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Engines;

/// <summary>Programs as they are installed: one by itself, and one as npm installs a package.</summary>
internal static class SomePrograms
{
    public static EngineManifest Plain { get; } = new("some", "command", "Some", "", "", "agent", "AGENT_BIN", null, []);

    public static EngineManifest Interpreted { get; } = Plain with { InterpreterName = "run", InterpreterVariable = "AGENT_RUN" };

    public static EngineManifest Package { get; } = Interpreted with { IsPackage = true };

    /// <summary>Installs a package below a folder of a test.</summary>
    public static void Install(TempRoot root, string folder = "lib")
    {
        root.Write($"{folder}/node_modules/@scope/agent/dist/cli.js", "#!/usr/bin/env run\necho agent\n");
        root.Write($"{folder}/node_modules/@scope/agent/dist/package.json", "{\"type\":\"module\"}");
        root.Write($"{folder}/node_modules/@scope/agent/package.json", "{\"name\":\"@scope/agent\",\"version\":\"1.2.3\"}");
        root.Write($"{folder}/node_modules/@scope/agent/node_modules/inner/index.js", "inner\n");
        root.Write($"{folder}/node_modules/other/index.js", "other\n");
        root.Write($"{folder}/node_modules/other/package.json", "{\"version\":\"9\"}");
        Directory.CreateDirectory(root.At($"{folder}/node_modules/.bin"));
        File.CreateSymbolicLink(root.At($"{folder}/node_modules/.bin/agent"), "../@scope/agent/dist/cli.js");
        Executable(root, $"{folder}/bin/run", "#!/bin/sh\nexec /bin/sh \"$@\"\n");
        Tool.Run("/bin/chmod", "755", root.At($"{folder}/node_modules/@scope/agent/dist/cli.js"));
    }

    public static void Executable(TempRoot root, string name, string text)
    {
        root.Write(name, text);
        Tool.Run("/bin/chmod", "755", root.At(name));
    }

    public static EngineProgram Find(TempRoot root, EngineManifest engine, string folder = "lib") =>
        EngineProgram.Find(engine, root.At("harness/engines"), Path(root, folder));

    public static Dictionary<string, string> Path(TempRoot root, string folder = "lib") =>
        new() { ["PATH"] = $"{root.At($"{folder}/node_modules/.bin")}:{root.At($"{folder}/bin")}" };
}
