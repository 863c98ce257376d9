using System.CommandLine;
using CtoHarness.Cli.Output;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary><c>keys</c>: the keys that seal and the keys that are trusted.</summary>
internal sealed class KeysCommand : HarnessCommand
{
    private readonly Option<string?> _keysDir = SharedOptions.KeysDir();
    private readonly Option<string> _newName = new("--name") { Description = "What the key is called; the harness's own is 'harness'.", HelpName = "NAME", DefaultValueFactory = _ => KeyStore.Harness };
    private readonly Option<string?> _trustName = new("--name") { Description = "What the key is called here. Default: the file's name, or the beginning of the key's id.", HelpName = "NAME" };
    private readonly Argument<string> _ownName = new("NAME") { Description = "The key; 'cto-harness keys list' names them.", DefaultValueFactory = _ => KeyStore.Harness };
    private readonly Argument<string> _retireName = new("NAME") { Description = "The key; 'cto-harness keys list' names them." };
    private readonly Argument<string> _file = new("FILE") { Description = "A file with one public key (PEM, P-256); '-' reads standard input." };
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<bool> _noColor = SharedOptions.NoColor();
    private readonly Screen _screen;

    internal KeysCommand(Screen screen)
    {
        _screen = screen;
        _keysDir.Recursive = true;
        Symbols = new Command("keys", "Your keys, which sign seals, and the keys of others whose seals are trusted.")
        {
            _keysDir,
            Verb("create", "Draw a new private key (P-256) that only you can read, and print its id.", (words, store) => Named(words.GetValue(_newName)!, "--name", name => Create(store, name)), _newName),
            Verb("list", "List your own keys, the trusted ones, and the retired ones.", List, _json, _noColor),
            Verb("export", "Print the public key of a name (PEM), to be given to whoever verifies your seals.", Export, _ownName),
            Verb("trust", "Trust the seals of somebody else's key from now on. Ask its owner for the id by another way, and compare.", Trust, _file, _trustName),
            Verb("retire", "Let a key of yours sign nothing any more, or trust another's no more. Its file is kept in retired/.", (words, store) => Named(words.GetValue(_retireName)!, "NAME", name => Told("retired", store.Retire(name))), _retireName),
        };
    }

    internal override Command Symbols { get; }

    internal override string Example => "cto-harness keys export > harness.pub      the public key for whoever verifies your seals";

    internal override string ExampleOf(Command verb) => verb.Name switch
    {
        "create" => "cto-harness keys create --name reviewer      a second key, beside the harness's own",
        "list" => "cto-harness keys list --json      every key with its id, for a script",
        "trust" => "cto-harness keys trust vendor.pub --name vendor      seals by the vendor's key are trusted from now on",
        "retire" => "cto-harness keys retire vendor      they are trusted no more; the key is kept in retired/",
        _ => Example,
    };

    private delegate ExitCode Act(ParseResult words, KeyStore store);

    private Command Verb(string name, string description, Act act, params Symbol[] symbols)
    {
        var verb = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
            {
                verb.Options.Add(option);
            }
            else
            {
                verb.Arguments.Add((Argument)symbol);
            }
        }

        verb.SetAction(words => (int)With(words, act));
        return verb;
    }

    private ExitCode With(ParseResult words, Act act)
    {
        var json = words.GetValue(_json);
        var folders = StateFolders.Find(Surroundings.Environment(), null, null, null, words.GetValue(_keysDir));
        if (Surroundings.CheckKeys(folders).ToList() is { Count: > 0 } problems)
        {
            return Failure.Report(_screen, json, ExitCode.Usage, problems);
        }

        try
        {
            return act(words, new KeyStore(folders.Keys));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or MachineException)
        {
            return Failure.Report(_screen, json, ExitCode.Inconclusive, [new Problem(
                folders.Keys, $"the keys could not be read or written: {fault.Message}", "make room or mend that, or name another folder with --keys-dir; no key was left half-written")]);
        }
    }

    private ExitCode Named(string name, string where, Func<string, ExitCode> act) => KeyStore.IsName(name) ? act(name) : Refuse(NoName(name, where));

    private static Problem NoName(string name, string where) =>
        new(where, $"{PlainText.Quote(name)} is no key's name", "use lower-case letters, digits and hyphens, at most 64, starting with a letter or digit");

    private ExitCode Create(KeyStore store, string name) => Told("created", store.Create(name));

    private ExitCode Export(ParseResult words, KeyStore store)
    {
        var name = words.GetValue(_ownName)!;
        var (keys, problems) = store.List();
        var found = keys.Where(key => key.Name == name).OrderBy(key => key.Use).FirstOrDefault();
        if (found is null)
        {
            return Refuse([.. problems, new Problem("NAME", $"there is no key {PlainText.Quote(name)} in {PlainText.Visible(store.Folder)}", "'cto-harness keys list' names the keys, 'cto-harness keys create' makes one")]);
        }

        _screen.Result.Write(found.Key.ToPem());
        _screen.Result.Flush();
        return ExitCode.Pass;
    }

    private ExitCode Trust(ParseResult words, KeyStore store)
    {
        var file = words.GetValue(_file)!;
        var given = Text(file);
        if (given is not Parsed<string>.Value { Result: var text })
        {
            return Refuse([.. ((Parsed<string>.Refused)given).Problems]);
        }

        var parsed = PublicKey.Read(file == "-" ? "standard input" : file, text);
        if (parsed is not Parsed<PublicKey>.Value { Result: var key })
        {
            return Refuse([.. ((Parsed<PublicKey>.Refused)parsed).Problems]);
        }

        var name = words.GetValue(_trustName) ?? NameOf(file, key);
        return KeyStore.IsName(name) ? Told("trusted", store.Trust(name, key)) : Refuse(NoName(name, "--name"));
    }

    private static Parsed<string> Text(string file)
    {
        try
        {
            return new Parsed<string>.Value(file == "-" ? FromInput() : System.Text.Encoding.UTF8.GetString(RegularFile.Read(file, PublicKey.MostCharacters, followLink: true)));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return new Parsed<string>.Refused([new Problem("FILE", $"{PlainText.Quote(file)} cannot be read: {closed.Message}", "name a file with one public key, or '-' for standard input")]);
        }
    }

    // One character more than a key may have, so that a longer text is refused as one.
    private static string FromInput()
    {
        var text = new char[PublicKey.MostCharacters + 1];
        return new string(text, 0, Console.In.ReadBlock(text));
    }

    private static string NameOf(string file, PublicKey key)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return file != "-" && KeyStore.IsName(name) ? name : "key-" + key.Id[..12];
    }

    private ExitCode Told(string what, Parsed<KeptKey> kept)
    {
        if (kept is not Parsed<KeptKey>.Value { Result: var key })
        {
            return Refuse([.. ((Parsed<KeptKey>.Refused)kept).Problems]);
        }

        _screen.Result.WriteLine($"{what} {key.Name}");
        _screen.Result.WriteLine($"  id {key.Key.Id}");
        _screen.Result.WriteLine($"  file {PlainText.Visible(key.Path)}");
        _screen.Result.Flush();
        return ExitCode.Pass;
    }

    private ExitCode Refuse(params Problem[] problems) => Failure.Report(_screen, false, ExitCode.Usage, problems);

    private ExitCode List(ParseResult words, KeyStore store)
    {
        var (keys, problems) = store.List();
        if (words.GetValue(_json))
        {
            Failure.Write(_screen, JsonText.Document(json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", "cto-harness/key-list/v1");
                json.WriteString("folder", PlainText.Visible(store.Folder));
                json.WriteStartArray("keys");
                foreach (var key in keys)
                {
                    json.WriteStartObject();
                    json.WriteString("name", PlainText.Visible(key.Name));
                    json.WriteString("use", Word(key.Use));
                    json.WriteString("id", key.Key.Id);
                    json.WriteString("file", PlainText.Visible(key.Path));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                Printed.WriteProblems(json, problems);
                json.WriteEndObject();
            }));
        }
        else
        {
            Listing.Write(
                words.GetValue(_noColor) ? _screen.Plain() : _screen, ["NAME", "USE", "ID", "FILE"],
                keys.Select(key => new[] { PlainText.Visible(key.Name), Word(key.Use), key.Key.Id, PlainText.Visible(key.Path) }));
        }

        _screen.Report(problems);
        return problems.IsEmpty ? ExitCode.Pass : ExitCode.Fail;
    }

    private static string Word(KeyUse use) => use switch
    {
        KeyUse.Own => "own",
        KeyUse.Trusted => "trusted",
        _ => "retired",
    };
}
