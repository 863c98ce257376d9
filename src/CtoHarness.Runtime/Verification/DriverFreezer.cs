using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Verification;

/// <summary>Finds what a fixture's cases are put with, and freezes the driver in the bundle.</summary>
internal static class DriverFreezer
{
    private const int MostBytes = 1 << 20;

    /// <summary>Freezes the driver.</summary>
    /// <returns>The driver, null where the fixture needs none; and all that is missing.</returns>
    internal static (FrozenDriver? Driver, List<Problem> Problems) Freeze(RunSite site, FixtureFolder fixture)
    {
        var problems = new List<Problem>();
        if (fixture.Cases!.Target is CaseTarget.Command command)
        {
            if (LaneSandbox.ProgramOf(command.Words, Path.Combine(fixture.Folder, FixtureFolder.Workspace)) is null)
            {
                problems.Add(new Problem(
                    Path.Combine(fixture.Folder, "verify", "cases.yaml"),
                    $"the command's program {PlainText.Quote(command.Words[0])} is not in {Programs.PlainPath}, nor an executable file of the workspace",
                    "install it, or name another"));
            }

            return (null, problems);
        }

        if (fixture.Cases.Target is not CaseTarget.Callable)
        {
            return (null, problems);
        }

        return Driver(site, fixture.Fixture!.Language, problems) is { } driver ? (driver, problems) : (null, problems);
    }

    private static FrozenDriver? Driver(RunSite site, string language, List<Problem> problems)
    {
        var root = site.Request.Root;
        if (!TaskId.TryParse(language, out _) || !Directory.Exists(Path.Combine(root.DriversFolder, language)))
        {
            problems.Add(new Problem(
                root.DriversFolder, $"there is no driver for the language {PlainText.Quote(language)}, so its functions cannot be called",
                "add one, or name a language that has one in fixture.yaml"));
            return null;
        }

        if (root.Driver(language) is not Parsed<DriverManifest>.Value { Result: var manifest } parsed)
        {
            problems.AddRange(((Parsed<DriverManifest>.Refused)root.Driver(language)).Problems);
            return null;
        }

        if (Programs.Find(manifest.Command[0]) is not { } program)
        {
            problems.Add(new Problem(
                Path.Combine(root.DriversFolder, language, "driver.yaml"), $"the driver's program {PlainText.Quote(manifest.Command[0])} is not in {Programs.PlainPath}",
                $"install it: what is written in {language} is verified with it"));
            return null;
        }

        return Copy(site, manifest, program, Path.Combine(root.DriversFolder, language, manifest.File), problems);
    }

    private static FrozenDriver? Copy(RunSite site, DriverManifest manifest, string program, string file, List<Problem> problems)
    {
        try
        {
            var bytes = RegularFile.Read(file, MostBytes, followLink: false);
            Directory.CreateDirectory(site.Bundle.PathOf("driver"));
            var name = "driver/" + manifest.File;
            site.Bundle.Write(name, bytes);
            return new FrozenDriver(manifest, program, site.Bundle.PathOf(name), Digest.Of(bytes));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(file, $"the driver cannot be read: {closed.Message}", "restore it"));
            return null;
        }
    }
}
