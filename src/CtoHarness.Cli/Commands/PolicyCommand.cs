using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>policy show</c>: every effective value, with where it came from.</summary>
internal sealed class PolicyCommand : HarnessCommand
{
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Screen _screen;

    internal PolicyCommand(Screen screen)
    {
        _screen = screen;
        var show = new Command("show", "Show every value of the policy and where it came from.") { _harnessRoot, _json };
        show.SetAction(words => (int)Act(words));
        Symbols = new Command("policy", "Limits, the sandbox's user, protected roots.") { show };
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness policy show      every value and the file and line that set it";

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var opened = Surroundings.OpenRoot(words.GetValue(_harnessRoot), StateFolders.Find(Surroundings.Environment(), null, null, null));
        if (opened is not Parsed<HarnessRoot>.Value { Result: var root })
        {
            return Failure.Report(_screen, json, ExitCode.Usage, ((Parsed<HarnessRoot>.Refused)opened).Problems);
        }

        var parsed = root.Policy();
        if (parsed is not Parsed<RunPolicy>.Value { Result: var policy })
        {
            return Failure.Report(_screen, json, ExitCode.Usage, ((Parsed<RunPolicy>.Refused)parsed).Problems);
        }

        if (json)
        {
            Failure.Write(_screen, PolicyJson.ViewOf(policy));
        }
        else
        {
            Listing.Write(_screen, ["NAME", "VALUE", "FROM"], policy.Settings.Select(setting => new[]
            {
                setting.Name, setting.Value.IsEmpty ? "(none)" : PlainText.Visible(string.Join(' ', setting.Value)), PlainText.Visible(setting.Source),
            }));
        }

        return ExitCode.Pass;
    }
}
