using System.CommandLine;

namespace CtoHarness.Cli.Commands;

/// <summary>Options that several commands have, with the same words everywhere.</summary>
internal static class SharedOptions
{
    internal static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output, and nothing else there." };

    internal static Option<bool> NoColor() => new("--no-color") { Description = "Use no colour. The variable NO_COLOR does the same." };

    internal static Option<string?> HarnessRoot() => Folder("--harness-root", "The folder with policy.yaml, models.yaml, engines/ and fixtures/. Default: harness/ of this checkout.");

    internal static Option<string?> RunsDir() => Folder("--runs-dir", "Where bundles are. Default: the profile's folder, else $CTO_HARNESS_RUNS_DIR, else $XDG_STATE_HOME/cto-harness/runs.");

    internal static Option<string?> StateDir() => Folder("--state-dir", "Where scratch folders and caches are. Default: $CTO_HARNESS_STATE_DIR, else /var/lib/cto-harness as root and $XDG_STATE_HOME/cto-harness as a user.");

    internal static Option<string?> KeysDir() => Folder("--keys-dir", "Where keys are. Default: $CTO_HARNESS_KEYS_DIR, else $XDG_CONFIG_HOME/cto-harness/keys.");

    internal static Option<string?> Profile() => new("--profile")
    {
        Description = "Keep bundles in ~/.hermes/profiles/NAME/harness-runs.",
        HelpName = "NAME",
    };

    // An empty value is what a variable that is not set leaves behind; it names no folder.
    private static Option<string?> Folder(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "DIR" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is "")
            {
                result.AddError($"{name} is empty: name a folder");
            }
        });
        return option;
    }
}
