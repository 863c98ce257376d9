using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>seal-release</c>, which only <c>./release</c> calls: the attestation of a release over its files.</summary>
internal sealed class SealReleaseCommand : HarnessCommand
{
    private const string PredicateType = "urn:cto-harness:attestation:release:v1";

    private readonly Argument<string> _folder = new("FOLDER") { Description = "The folder of the release." };
    private readonly Option<string> _key = new("--key") { Description = "The key that signs; it is drawn where there is none.", HelpName = "NAME", DefaultValueFactory = _ => "release" };
    private readonly Option<string> _version = new("--release-version") { Description = "The version.", HelpName = "VERSION", Required = true };
    private readonly Option<string> _commit = new("--commit") { Description = "The commit that it was made from.", HelpName = "HEX", Required = true };
    private readonly Option<bool> _clean = new("--clean") { Description = "Nothing but that commit was in the worktree." };
    private readonly Option<string?> _keysDir = SharedOptions.KeysDir();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal SealReleaseCommand(Screen screen, Signals signals)
    {
        (_screen, _signals) = (screen, signals);
        Symbols = new Command("seal-release", "Seal the files of a release (for ./release).") { _folder, _key, _version, _commit, _clean, _keysDir };
        Symbols.Hidden = true;
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness seal-release artifacts/release/0.1.0 --release-version 0.1.0 --commit $(git rev-parse HEAD)      what ./release does at its end";

    internal override IEnumerable<Problem> ProblemsOf(ParseResult words) => KeyStore.IsName(words.GetValue(_key) ?? "")
        ? []
        : [new Problem("--key", $"{PlainText.Quote(words.GetValue(_key) ?? "")} is no key's name", "use lower-case letters, digits and hyphens")];

    private ExitCode Act(ParseResult words)
    {
        var folders = StateFolders.Find(Surroundings.Environment(), null, null, null, words.GetValue(_keysDir));
        var problems = ProblemsOf(words).Concat(Surroundings.CheckKeys(folders)).ToList();
        if (problems.Count > 0)
        {
            return Failure.Report(_screen, false, ExitCode.Usage, problems);
        }

        try
        {
            return Seal(words, words.GetValue(_folder)!, new KeyStore(folders.Keys).OpenOrCreate(words.GetValue(_key)!));
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(_screen, false, ExitCode.Inconclusive, [new Problem(PlainText.Visible(words.GetValue(_folder)!), $"the release was not sealed: {closed.Message}", "mend that and try again")]);
        }
    }

    private ExitCode Seal(ParseResult words, string folder, Parsed<SigningKey> opened)
    {
        if (opened is not Parsed<SigningKey>.Value { Result: var key })
        {
            return Failure.Report(_screen, false, ExitCode.Usage, ((Parsed<SigningKey>.Refused)opened).Problems);
        }

        var content = BundleReader.Read(folder, _signals.Token);
        if (!content.Odd.IsEmpty || content.Files.IsEmpty || content.Find(BundleFiles.Seal) is not null)
        {
            return Failure.Report(_screen, false, ExitCode.Usage, [new Problem(
                PlainText.Visible(folder), content.Odd.FirstOrDefault() ?? (content.Files.IsEmpty ? "it holds no file" : "it is sealed already"), "name the folder that ./release has made")]);
        }

        var statement = new Statement([.. content.Files.Select(file => new Subject(file.Path, file.Sha256))], PredicateType, CanonicalJson.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("commit", words.GetValue(_commit));
            json.WriteString("version", words.GetValue(_version));
            json.WriteBoolean("worktree_clean", words.GetValue(_clean));
            json.WriteEndObject();
        }));
        using var file = new FileStream(Path.Combine(folder, BundleFiles.Seal), FileMode.CreateNew, FileAccess.Write);
        file.Write(key.Seal(statement.Write()));
        _screen.Result.WriteLine($"sealed by {key.Public.Id}");
        return ExitCode.Pass;
    }
}
