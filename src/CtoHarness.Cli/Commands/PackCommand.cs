using System.CommandLine;
using System.Globalization;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>pack</c>: one file of a bundle, to send to somebody.</summary>
internal sealed class PackCommand : HarnessCommand
{
    private readonly Argument<string> _run = new("RUN") { Description = "A run's name, 'latest', or the path of a bundle (with a '/' in it)." };
    private readonly Option<string?> _output = new("--output") { Description = "The file to write. Default: the run's name and .tar.gz, in the current folder.", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the file where it is there already." };
    private readonly Option<string?> _profile = SharedOptions.Profile();
    private readonly Option<string?> _runsDir = SharedOptions.RunsDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal PackCommand(Screen screen, Signals signals)
    {
        (_screen, _signals) = (screen, signals);
        Symbols = new Command("pack", "Pack a bundle into one .tar.gz: the same bundle gives the same bytes everywhere. 'verify' reads it without unpacking it.")
        {
            _run, _output, _force, _profile, _runsDir, _json,
        };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness pack latest      the newest run as one file, to send to somebody";

    internal override IEnumerable<Problem> ProblemsOf(ParseResult words) => Surroundings.CheckProfile(words.GetValue(_profile)).Concat(words.GetValue(_output) is ""
        ? [new Problem("--output", "it is empty", "name a file")]
        : Array.Empty<Problem>());

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var problems = ProblemsOf(words).ToList();
        if (problems.Count > 0)
        {
            return Failure.Report(_screen, json, ExitCode.Usage, problems);
        }

        try
        {
            var folders = StateFolders.Find(Surroundings.Environment(), words.GetValue(_profile), words.GetValue(_runsDir), null);
            var place = BundlePlace.Find(words.GetValue(_run) ?? "", folders, isPackAllowed: false);
            return place.Path is { } folder ? Pack(folder, words, json) : Failure.Report(_screen, json, place.Code, [place.Problem!]);
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(_screen, json, ExitCode.Inconclusive, [new Problem(
                PlainText.Visible(words.GetValue(_run) ?? "", 300), $"it was not packed: {closed.Message}", "nothing of the pack was left; try again when this is mended")]);
        }
    }

    private ExitCode Pack(string folder, ParseResult words, bool json)
    {
        var result = BundlePacker.Pack(folder, words.GetValue(_output), words.GetValue(_force), _signals.Token);
        if (result is Parsed<PackedBundle>.Refused refused)
        {
            return Failure.Report(_screen, json, ExitCode.Usage, refused.Problems);
        }

        var packed = ((Parsed<PackedBundle>.Value)result).Result;
        if (json)
        {
            Failure.Write(_screen, Document(packed));
        }
        else
        {
            _screen.Result.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{packed.Sha256.Hex}  {PlainText.Visible(packed.Path)}"));
            _screen.Talk.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cto-harness: {packed.Content.Files.Length} files in {packed.Bytes} bytes"));
        }

        if (!packed.HasSeal)
        {
            _screen.Talk.WriteLine("cto-harness: the bundle has no seal, so nobody who gets it can verify it");
        }

        return ExitCode.Pass;
    }

    private static byte[] Document(PackedBundle packed) => JsonText.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "cto-harness/pack/v1");
        json.WriteString("run_id", packed.Run.ToString());
        json.WriteString("path", PlainText.Visible(packed.Path));
        json.WriteString("sha256", packed.Sha256.ToString());
        json.WriteNumber("bytes", packed.Bytes);
        json.WriteNumber("files", packed.Content.Files.Length);
        json.WriteBoolean("sealed", packed.HasSeal);
        json.WriteEndObject();
    });
}
