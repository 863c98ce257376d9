using System.Collections.Immutable;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Signing;

/// <summary>What a key in the folder is for.</summary>
public enum KeyUse
{
    /// <summary>It is this user's: it signs, and what it signed is trusted.</summary>
    Own,

    /// <summary>It is somebody else's, whose seals are trusted.</summary>
    Trusted,

    /// <summary>It signs nothing any more, and is trusted no more unless somebody names it.</summary>
    Retired,
}

/// <summary>A key in the folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Key">The public key.</param>
/// <param name="Path">Its file.</param>
public sealed record KeptKey(string Name, KeyUse Use, PublicKey Key, string Path);

/// <summary>A user's folder of keys: <c>own/NAME.key</c> (PKCS#8), <c>trusted/NAME.pub</c>, and <c>retired/NAME-ID.key</c> or <c>.pub</c>, all PEM.</summary>
/// <param name="folder">The folder; it need not be there.</param>
/// <remarks>What somebody else could have put there is refused with what to do, never used. The folder is made by whatever puts the first key into it.</remarks>
public sealed class KeyStore(string folder)
{
    /// <summary>The name of the key that seals runs.</summary>
    public const string Harness = "harness";

    private const string Private = ".key";
    private const string Public = ".pub";
    private const int ShortId = 12;

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    private string Own => Path.Combine(Folder, "own");

    private string Trusted => Path.Combine(Folder, "trusted");

    private string Retired => Path.Combine(Folder, "retired");

    /// <summary>Whether a text can be a key's name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>True for lower-case letters, digits and hyphens, at most 64, starting with a letter or digit.</returns>
    public static bool IsName(string name) => TaskId.TryParse(name, out _);

    /// <summary>Opens a key to sign with, and draws it where there is none: of two who ask at once, both get the same.</summary>
    /// <param name="name">The key's name.</param>
    /// <returns>The key, or why it is not used.</returns>
    /// <exception cref="IOException">The folder cannot be written or read.</exception>
    public Parsed<SigningKey> OpenOrCreate(string name)
    {
        if (Problem() is { } problem)
        {
            return Refuse<SigningKey>(problem);
        }

        if (InodeCalls.Of(OwnPath(name)) is null)
        {
            _ = TryCreate(name);
        }

        return Open(name);
    }

    /// <summary>Opens a key to sign with.</summary>
    /// <param name="name">The key's name.</param>
    /// <returns>The key, or why it is not used.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public Parsed<SigningKey> Open(string name) =>
        Problem() is { } problem ? Refuse<SigningKey>(problem)
        : InodeCalls.Of(OwnPath(name)) is null ? Refuse<SigningKey>(new Problem(OwnPath(name), $"there is no key {PlainText.Quote(name)} of yours", "'cto-harness keys create' makes one, 'cto-harness keys list' names those that there are"))
        : ReadOwn(OwnPath(name));

    /// <summary>Draws a new key of this user's.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The key, or why there is none: that name may be taken.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Parsed<KeptKey> Create(string name)
    {
        if (Problem() is { } problem)
        {
            return Refuse<KeptKey>(problem);
        }

        return TryCreate(name)
            ? Kept(name, KeyUse.Own, OwnPath(name))
            : Refuse<KeptKey>(new Problem(OwnPath(name), $"there is a key {PlainText.Quote(name)} of yours already", $"retire it first with 'cto-harness keys retire {name}', or name another with --name"));
    }

    /// <summary>Trusts the seals of somebody else's key from now on.</summary>
    /// <param name="name">What it is called here.</param>
    /// <param name="key">The key.</param>
    /// <returns>The key as it is kept, which may have been so before; or why it is not.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Parsed<KeptKey> Trust(string name, PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Problem() is { } problem)
        {
            return Refuse<KeptKey>(problem);
        }

        if (List().Keys.FirstOrDefault(one => one.Use != KeyUse.Retired && one.Key == key) is { } known)
        {
            return new Parsed<KeptKey>.Value(known);
        }

        GuardedFiles.MakeFolder(Folder);
        GuardedFiles.MakeFolder(Trusted);
        var path = Path.Combine(Trusted, name + Public);
        return GuardedFiles.TryWrite(path, key.ToPem())
            ? new Parsed<KeptKey>.Value(new KeptKey(name, KeyUse.Trusted, key, path))
            : Refuse<KeptKey>(new Problem(path, $"another key is trusted as {PlainText.Quote(name)} already", $"retire that with 'cto-harness keys retire {name}', or name this one otherwise with --name"));
    }

    /// <summary>Retires a key: it signs nothing any more, and is trusted no more. Its file is kept.</summary>
    /// <param name="name">The name of a key of this user's, or of a trusted one.</param>
    /// <returns>The key as it is kept from now on, or why it is not retired.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public Parsed<KeptKey> Retire(string name)
    {
        var (keys, problems) = List();
        var named = keys.Where(key => key.Use != KeyUse.Retired && key.Name == name).ToList();
        if (named is not [var found])
        {
            return named.Count == 0
                ? new Parsed<KeptKey>.Refused([.. problems, new Problem(Folder, $"there is no key {PlainText.Quote(name)} that could be retired", "'cto-harness keys list' names the keys")])
                : Refuse<KeptKey>(new Problem(Folder, $"both a key of yours and a trusted one are called {PlainText.Quote(name)}", $"move one of {string.Join(" and ", named.Select(key => key.Path))} by hand"));
        }

        GuardedFiles.MakeFolder(Retired);
        var kept = $"{name}-{found.Key.Id[..ShortId]}";
        var path = Path.Combine(Retired, kept + Path.GetExtension(found.Path));
        GuardedFiles.Move(found.Path, path);
        return new Parsed<KeptKey>.Value(new KeptKey(kept, KeyUse.Retired, found.Key, path));
    }

    /// <summary>Lists the keys.</summary>
    /// <returns>Those that can be used, by use and name, and what is wrong with the others.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public (ImmutableArray<KeptKey> Keys, ImmutableArray<Problem> Problems) List()
    {
        if (Problem() is { } problem)
        {
            return ([], [problem]);
        }

        var keys = ImmutableArray.CreateBuilder<KeptKey>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var (use, place) in new[] { (KeyUse.Own, Own), (KeyUse.Trusted, Trusted), (KeyUse.Retired, Retired) })
        {
            foreach (var path in Files(place))
            {
                var read = Kept(Path.GetFileNameWithoutExtension(path), use, path);
                if (read is Parsed<KeptKey>.Value { Result: var key })
                {
                    keys.Add(key);
                }
                else
                {
                    problems.AddRange(((Parsed<KeptKey>.Refused)read).Problems);
                }
            }
        }

        return (keys.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>The keys whose seals are trusted where nobody names others: this user's own, and those that were trusted.</summary>
    /// <returns>The keys, and what is wrong with files that could not be used: those are not trusted.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public (ImmutableArray<PublicKey> Keys, ImmutableArray<Problem> Problems) ListTrusted()
    {
        var (keys, problems) = List();
        return ([.. keys.Where(key => key.Use != KeyUse.Retired).Select(key => key.Key)], problems);
    }

    private static IEnumerable<string> Files(string place) => Directory.Exists(place)
        ? Directory.EnumerateFileSystemEntries(place)
            .Where(path => Path.GetFileName(path)[0] != '.' && Path.GetExtension(path) is Private or Public)
            .Order(StringComparer.Ordinal)
        : [];

    // A private key in the folder of trusted ones would be read by everything that verifies; only its owner's folders hold such.
    private static Parsed<KeptKey> Kept(string name, KeyUse use, string path)
    {
        var isPrivate = Path.GetExtension(path) == Private;
        if (isPrivate == (use == KeyUse.Trusted) && use != KeyUse.Retired)
        {
            return Refuse<KeptKey>(new Problem(path, $"a file {(isPrivate ? Private : Public)} does not belong in this folder", "move it elsewhere"));
        }

        if (isPrivate)
        {
            var opened = ReadOwn(path);
            var key = (opened as Parsed<SigningKey>.Value)?.Result;
            return key is not null ? new Parsed<KeptKey>.Value(new KeptKey(name, use, key.Public, path)) : new Parsed<KeptKey>.Refused(((Parsed<SigningKey>.Refused)opened).Problems);
        }

        return GuardedFiles.Read(path, GuardedFiles.NobodyElseWrites, out var problem) is not { } text ? Refuse<KeptKey>(problem!)
            : PublicKey.Read(path, text) is Parsed<PublicKey>.Value { Result: var one } ? new Parsed<KeptKey>.Value(new KeptKey(name, use, one, path))
            : new Parsed<KeptKey>.Refused(((Parsed<PublicKey>.Refused)PublicKey.Read(path, text)).Problems);
    }

    private static Parsed<SigningKey> ReadOwn(string path) =>
        GuardedFiles.Read(path, GuardedFiles.NobodyElse, out var problem) is not { } text ? Refuse<SigningKey>(problem!)
        : SigningKey.TryRead(text) is { } key ? new Parsed<SigningKey>.Value(key)
        : Refuse<SigningKey>(new Problem(path, "this is no private key of P-256 (one PEM block, PKCS#8)", "move the file elsewhere; 'cto-harness keys create' makes a new key"));

    private static Parsed<T> Refuse<T>(Problem problem) => new Parsed<T>.Refused([problem]);

    private string OwnPath(string name) => Path.Combine(Own, (IsName(name) ? name : throw new ArgumentException("this is no key's name", nameof(name))) + Private);

    private bool TryCreate(string name)
    {
        GuardedFiles.MakeFolder(Folder);
        GuardedFiles.MakeFolder(Own);
        return GuardedFiles.TryWrite(OwnPath(name), SigningKey.Draw());
    }

    private Problem? Problem() => new[] { Folder, Own, Trusted, Retired }.Select(GuardedFiles.ProblemOf).FirstOrDefault(problem => problem is not null);
}
