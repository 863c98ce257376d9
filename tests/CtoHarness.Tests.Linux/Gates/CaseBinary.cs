using CtoHarness.Tests.Linux.Backends;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Gates;

/// <summary>A program named ca that leaves a mark when anybody starts it.</summary>
internal static class CaseBinary
{
    /// <summary>Puts it in a folder and that folder first in PATH.</summary>
    public static HarnessCommand WithCaseInPath(this HarnessCommand command)
    {
        Make(command.Root, "programs/ca");
        return command.Set("PATH", $"{command.Root.At("programs")}:{command.Variables["PATH"]}");
    }

    /// <summary>Puts it elsewhere and names it in the variable.</summary>
    public static HarnessCommand WithCaseInVariable(this HarnessCommand command)
    {
        Make(command.Root, "elsewhere/my-case");
        return command.Set("CTO_HARNESS_CASE_BIN", command.Root.At("elsewhere/my-case"));
    }

    /// <summary>Opens the gates; the model's provider is at an address where nobody answers.</summary>
    public static HarnessCommand WithOpenGates(this HarnessCommand command)
    {
        command.Root.UseProvider("http://127.0.0.1:1/v1");
        return command.Set("CTO_HARNESS_ALLOW_CASE", "1").Set("CTO_HARNESS_CASE_STAGE", "2").Set(AgentRuns.KeyVariable, AgentRuns.Key);
    }

    /// <summary>Fails where it was started.</summary>
    public static void AssertNotStarted(TempRoot root) => Assert.False(File.Exists(root.At("case-was-started")));

    private static void Make(TempRoot root, string name)
    {
        root.Write(name, $"#!/bin/sh\n: > {root.At("case-was-started")}\n");
        Tool.Run("/bin/chmod", "755", root.At(name));
    }
}
