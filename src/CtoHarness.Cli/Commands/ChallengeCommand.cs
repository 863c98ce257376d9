using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>challenge</c>: a nonce that no bundle can hold yet.</summary>
internal sealed class ChallengeCommand : HarnessCommand
{
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Screen _screen;

    internal ChallengeCommand(Screen screen)
    {
        _screen = screen;
        Symbols = new Command("challenge", "Make a nonce for whoever makes a run for you: a bundle that was sealed before cannot hold it. It is remembered with its time, and 'verify --nonce' asks for it.") { _stateDir, _json };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness challenge      then: cto-harness run FIXTURE --nonce NONCE, and cto-harness verify BUNDLE --nonce NONCE";

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var folders = StateFolders.Find(Surroundings.Environment(), null, null, words.GetValue(_stateDir));
        try
        {
            var now = TimeProvider.System.GetUtcNow();
            var nonce = new Challenges(folders).Make(now);
            if (json)
            {
                Failure.Write(_screen, JsonText.Document(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("schema", "cto-harness/challenge/v1");
                    writer.WriteString("nonce", nonce);
                    writer.WriteString("made_at", Timestamp.Text(now));
                    writer.WriteEndObject();
                }));
            }
            else
            {
                _screen.Result.WriteLine(nonce);
                _screen.Talk.WriteLine("cto-harness: give it to whoever makes the run (run FIXTURE --nonce NONCE), then ask for it (verify BUNDLE --nonce NONCE)");
            }

            return ExitCode.Pass;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return Failure.Report(_screen, json, ExitCode.Inconclusive, [new Problem(folders.State, $"the nonce could not be remembered: {closed.Message}", "make the folder writable, or name another with --state-dir")]);
        }
    }
}
