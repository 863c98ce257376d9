using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Processes;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>verify</c>: may this bundle be believed?</summary>
internal sealed class VerifyCommand : HarnessCommand
{
    private const int MostKeyFile = 64 << 10;

    private readonly Argument<string> _bundle = new("BUNDLE") { Description = "The folder of a bundle, its .tar.gz, a run's name, or 'latest'." };
    private readonly Option<string[]> _key = new("--key") { Description = "A file with a public key to trust (PEM), and no other key. May be repeated. Default: your own keys and those of 'cto-harness keys trust'.", HelpName = "PUB" };
    private readonly Option<string?> _nonce = new("--nonce") { Description = "The nonce that 'cto-harness challenge' gave you: the run must have been made with it.", HelpName = "64-HEX" };
    private readonly Option<string?> _maxAge = new("--max-age") { Description = "How long ago the run may have completed, at most.", HelpName = "7d|12h|30m" };
    private readonly Option<bool> _recheck = new("--recheck") { Description = "Besides, lay the bundle's patch over its fixture here and verify it anew: an ordinary run in a sandbox, which needs bubblewrap and git." };
    private readonly Option<string?> _harnessRoot = SharedOptions.HarnessRoot();
    private readonly Option<string?> _keysDir = SharedOptions.KeysDir();
    private readonly Option<string?> _profile = SharedOptions.Profile();
    private readonly Option<string?> _runsDir = SharedOptions.RunsDir();
    private readonly Option<string?> _stateDir = SharedOptions.StateDir();
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;
    private readonly Signals _signals;

    internal VerifyCommand(Screen screen, Signals signals)
    {
        (_screen, _signals) = (screen, signals);
        Symbols = new Command("verify", "Check a bundle: who sealed it, that nothing was changed since, and that its evidence bears out its verdict. Needs no network, no engine, and nothing that the bundle says of itself.")
        {
            _bundle, _key, _nonce, _maxAge, _recheck, _harnessRoot, _keysDir, _profile, _runsDir, _stateDir, _json, _noColor,
        };
        Symbols.SetAction(words => (int)Act(words));
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness verify run.tar.gz --key harness.pub      exit code 0 where it is accepted, 1 where it is refused";

    internal override IEnumerable<Problem> ProblemsOf(ParseResult words) => Surroundings.CheckProfile(words.GetValue(_profile)).Concat(Request(words, null).Problems);

    private ExitCode Act(ParseResult words)
    {
        var json = words.GetValue(_json);
        var screen = words.GetValue(_noColor) || json ? _screen.Plain() : _screen;
        var folders = StateFolders.Find(Surroundings.Environment(), words.GetValue(_profile), words.GetValue(_runsDir), words.GetValue(_stateDir), words.GetValue(_keysDir));
        try
        {
            var (request, problems) = Request(words, folders);
            if (!problems.IsEmpty)
            {
                return Failure.Report(screen, json, ExitCode.Usage, [.. Surroundings.CheckProfile(words.GetValue(_profile)), .. problems]);
            }

            var place = BundlePlace.Find(words.GetValue(_bundle) ?? "", folders, isPackAllowed: true);
            if (place.Path is not { } path)
            {
                return Failure.Report(screen, json, place.Code, [place.Problem!]);
            }

            if (!words.GetValue(_recheck))
            {
                return Review(screen, json, path, request, null);
            }

            var named = words.GetValue(_harnessRoot);
            return Surroundings.OpenRoot(named, folders) switch
            {
                Parsed<HarnessRoot>.Value { Result: var root } => Review(screen, json, path, request, (content, review) => Recheck(path, content, review, root, folders)),
                Parsed<HarnessRoot>.Refused { Problems: var problemsOfRoot } => Failure.Report(screen, json, named is null ? ExitCode.Inconclusive : ExitCode.Usage, problemsOfRoot),
                _ => throw new InvalidOperationException("a parsed value is one of two"),
            };
        }
        catch (OperationCanceledException) when (_signals.Code is { } code)
        {
            return code;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(screen, json, ExitCode.Inconclusive, [new Problem(
                PlainText.Visible(words.GetValue(_bundle) ?? "", 300), $"it cannot be read: {closed.Message}", "it is neither accepted nor refused; mend that and try again")]);
        }
    }

    private ExitCode Review(Screen screen, bool json, string path, ReviewRequest request, Func<BundleContent, BundleReview, Parsed<BundleReview>>? recheck)
    {
        var content = BundleReader.Read(path, _signals.Token);
        var review = BundleVerifier.Review(content, request);
        switch (recheck?.Invoke(content, review))
        {
            case Parsed<BundleReview>.Value { Result: var rechecked }:
                review = rechecked;
                break;
            case Parsed<BundleReview>.Refused { Problems: var problems }:
                return Failure.Report(screen, json, ExitCode.Inconclusive, problems);
        }

        if (json)
        {
            Failure.Write(screen, ReviewJson.Of(PlainText.Visible(path), review));
        }
        else
        {
            ReviewPage.Write(screen, path, review);
        }

        return review.IsAccepted ? ExitCode.Pass : ExitCode.Fail;
    }

    // What the machine lacks speaks neither for the bundle nor against it.
    private Parsed<BundleReview> Recheck(string path, BundleContent content, BundleReview review, HarnessRoot root, StateFolders folders)
    {
        if (!review.IsAccepted)
        {
            return new Parsed<BundleReview>.Value(review.With(CheckNames.Recheck, RecheckReview.Asked, null));
        }

        try
        {
            return Runtime.Pipeline.Recheck.Make(new RecheckRequest(path, content, review, root, folders, Surroundings.Environment()), TimeProvider.System, _signals.Token) switch
            {
                Parsed<Rechecked>.Value { Result: { Trouble: "" } made } => new Parsed<BundleReview>.Value(review.With(CheckNames.Recheck, made.Question, made.Refusal)),
                Parsed<Rechecked>.Value { Result.Trouble: var trouble } => NotMade(trouble),
                Parsed<Rechecked>.Refused refused => new Parsed<BundleReview>.Refused(refused.Problems),
                _ => throw new InvalidOperationException("a parsed value is one of two"),
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException or GitException)
        {
            return NotMade(PlainText.Visible(fault.Message));
        }
    }

    private static Parsed<BundleReview>.Refused NotMade(string why) => new([new Problem(
        "--recheck", $"every other check holds, but the change could not be made again on this machine: {why}", "mend that ('cto-harness doctor' tells what a machine lacks) and try again, or leave --recheck out")]);

    private (ReviewRequest Request, ImmutableArray<Problem> Problems) Request(ParseResult words, StateFolders? folders)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var nonce = words.GetValue(_nonce);
        if (nonce is not null && !(nonce.Length == 64 && nonce.All(char.IsAsciiHexDigitLower)))
        {
            problems.Add(new Problem("--nonce", $"{PlainText.Quote(nonce)} is no nonce", "give the 64 hexadecimal digits that 'cto-harness challenge' printed"));
        }

        if (words.GetValue(_harnessRoot) is not null && !words.GetValue(_recheck))
        {
            problems.Add(new Problem("--harness-root", "only --recheck makes use of it", "add --recheck, or leave it out"));
        }

        var age = Age(words.GetValue(_maxAge), problems);
        var keys = Keys(words.GetValue(_key) ?? [], folders, problems);
        return (new ReviewRequest(keys, TimeProvider.System.GetUtcNow())
        {
            Nonce = nonce,
            NonceMade = nonce is not null && problems.Count == 0 && folders is not null ? new Challenges(folders).MadeAt(nonce) : null,
            MaxAge = age,
        }, problems.ToImmutable());
    }

    private static TimeSpan? Age(string? text, ImmutableArray<Problem>.Builder problems)
    {
        if (text is null)
        {
            return null;
        }

        var seconds = text.Length > 1 ? text[^1] switch { 'd' => 86_400, 'h' => 3600, 'm' => 60, _ => 0 } : 0;
        if (seconds > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 36_500)
        {
            return TimeSpan.FromSeconds((long)count * seconds);
        }

        problems.Add(new Problem("--max-age", $"{PlainText.Quote(text)} is no age", "write a number up to 36500 and d, h or m, such as 7d"));
        return null;
    }

    private static ImmutableArray<PublicKey> Keys(string[] files, StateFolders? folders, ImmutableArray<Problem>.Builder problems)
    {
        var keys = ImmutableArray.CreateBuilder<PublicKey>();
        foreach (var file in files)
        {
            switch (ReadKey(file))
            {
                case Parsed<PublicKey>.Value { Result: var key }:
                    keys.Add(key);
                    break;
                case Parsed<PublicKey>.Refused refused:
                    problems.AddRange(refused.Problems);
                    break;
            }
        }

        if (files.Length > 0 || folders is null)
        {
            return keys.ToImmutable();
        }

        var (known, wrong) = new KeyStore(folders.Keys).ListTrusted();
        problems.AddRange(wrong);
        if (known.IsEmpty && wrong.IsEmpty)
        {
            problems.Add(new Problem("--key", "you trust no key, so nobody's seal could be accepted", "name the sealer's public key with --key PUB, or trust it with 'cto-harness keys trust PUB'; get it by another way than the bundle"));
        }

        return known;
    }

    private static Parsed<PublicKey> ReadKey(string file)
    {
        try
        {
            return PublicKey.Read(PlainText.Visible(file), System.Text.Encoding.UTF8.GetString(RegularFile.Read(file, MostKeyFile, followLink: true)));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException or ArgumentException)
        {
            return new Parsed<PublicKey>.Refused([new Problem("--key", $"{PlainText.Quote(file)} cannot be read: {closed.Message}", "name a file with a public key, as 'cto-harness keys export' prints it")]);
        }
    }
}
