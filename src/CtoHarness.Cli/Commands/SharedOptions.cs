using System.CommandLine;

namespace CtoHarness.Cli.Commands;

/// <summary>Options that several commands have, with the same words everywhere.</summary>
internal static class SharedOptions
{
    internal static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output, and nothing else there." };

    internal static Option<bool> NoColor() => new("--no-color") { Description = "Use no colour. The variable NO_COLOR does the same." };

    internal static Option<string?> HarnessRoot() => new("--harness-root")
    {
        Description = "The folder with policy.yaml, models.yaml, engines/ and fixtures/. Default: harness/ of this checkout.",
        HelpName = "DIR",
    };

    internal static Option<string?> RunsDir() => new("--runs-dir")
    {
        Description = "Where bundles are. Default: $CTO_HARNESS_RUNS_DIR, else the profile's folder, else $XDG_STATE_HOME/cto-harness/runs.",
        HelpName = "DIR",
    };

    internal static Option<string?> StateDir() => new("--state-dir")
    {
        Description = "Where scratch folders and caches are. Default: $CTO_HARNESS_STATE_DIR, else /var/lib/cto-harness as root and $XDG_STATE_HOME/cto-harness as a user.",
        HelpName = "DIR",
    };

    internal static Option<string?> Profile() => new("--profile")
    {
        Description = "Keep bundles in ~/.hermes/profiles/NAME/harness-runs.",
        HelpName = "NAME",
    };
}
