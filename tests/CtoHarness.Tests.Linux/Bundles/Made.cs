using CtoHarness.Core.Attestation;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Signing;
using CtoHarness.Tests.Linux.Backends;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Bundles of real runs, made once for all tests that change copies of them.</summary>
public sealed class Made : IDisposable
{
    public const string Collection = "bundles of real runs";

    private readonly Lazy<MadeBundle> _passing = new(() => new MadeBundle("pass", root => root.Run()));
    private readonly Lazy<MadeBundle> _failing = new(() => new MadeBundle("fail", root => root.Backend(Outcomes.Scripts.WrongWork)));
    private readonly Lazy<MadeBundle> _tried = new(() => new MadeBundle("fail", Tries));
    private readonly Lazy<MadeBundle> _called = new(() =>
    {
        using var provider = AgentRuns.Provider(_ => Turns.Say("hello"));
        return new MadeBundle("pass", root => Talker.Run(root, provider.Url, Talker.Solves(root)));
    });

    private readonly Lazy<MadeBundle> _older = new(() => new MadeBundle("pass", root => root.Run()));

    /// <summary>The fake engine's: a pass.</summary>
    internal MadeBundle Passing => _passing.Value;

    /// <summary>Work that is wrong: a failure.</summary>
    internal MadeBundle Failing => _failing.Value;

    /// <summary>A stand-in that does all of the work, but tries to change what is protected, and leaves something behind that would act later: a failure, with a baseline.</summary>
    internal MadeBundle Tried => _tried.Value;

    /// <summary>A backend that calls a model, and another one, which is refused, and says of itself what it likes: a pass, with a baseline.</summary>
    internal MadeBundle Called => _called.Value;

    /// <summary>Another pass, made with another key.</summary>
    internal MadeBundle Older => _older.Value;

    public void Dispose()
    {
        foreach (var one in new[] { _passing, _failing, _tried, _called, _older }.Where(one => one.IsValueCreated))
        {
            one.Value.Dispose();
        }
    }

    private static HarnessCommand Tries(TempRoot root)
    {
        root.Write("kept/file", "as it was");
        var solution = File.ReadAllText(Path.Combine(root.FixtureFolder, "solution/strings.py"));
        root.Write("harness/engines/tries.yaml", "schema: cto-harness/engine/v1\nname: tries\nkind: scripted\ntitle: A script that tries more than it may\nscript: tries/engine.sh\n");
        root.Write(
            "harness/engines/tries/engine.sh",
            $"cat > strings.py <<'END'\n{solution}END\necho x >> {root.At("kept/file")}\necho x > /etc/cto-tried\nprintf 'true\\n' > \"$HOME/.profile\"\ncp /bin/true \"$HOME/later\"\nchmod 4755 \"$HOME/later\"\nexit 0\n");
        return root.Run("--engine", "tries", "--protect", root.At("kept")).Set("CTO_HARNESS_ALLOW_TRIES", "1").Set("CTO_HARNESS_TRIES_STAGE", "2");
    }
}

/// <summary>One bundle, with the key that sealed it.</summary>
internal sealed class MadeBundle : IDisposable
{
    public MadeBundle(string status, Func<TempRoot, HarnessCommand> run)
    {
        Root = new TempRoot();
        Folder = run(Root).Run().Expect(status == "pass" ? 0 : 1).Bundle().Folder;
        Reviewed.AssertAccepted(Folder, status);
        Key = new KeyStore(Root.At("home/.config/cto-harness/keys")).Open(KeyStore.Harness) is Parsed<SigningKey>.Value { Result: var key } ? key
            : throw new InvalidOperationException("the key that sealed the bundle cannot be opened");
        Files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(Folder, path), File.ReadAllBytes, StringComparer.Ordinal);
        Content = BundleReader.Read(Folder, CancellationToken.None);
    }

    public TempRoot Root { get; }

    public string Folder { get; }

    public SigningKey Key { get; }

    public IReadOnlyDictionary<string, byte[]> Files { get; }

    public BundleContent Content { get; }

    public void Dispose() => Root.Dispose();
}

[CollectionDefinition(Made.Collection)]
public sealed class MadeBundles : ICollectionFixture<Made>;
