using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CtoHarness.Confine;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>A place where attacks are made, in sandboxes or outside, with everything that they aim at.</summary>
internal sealed partial class Arena : IDisposable
{
    /// <summary>Descriptors that stay open in whatever is started: a file, a folder, a file with the secret, a connected socket.</summary>
    internal const string HeldFile = "57", HeldFolder = "58", HeldSecret = "59", HeldSocket = "60";

    private static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
    private static readonly HashSet<string> Killable = ["kill", "kill-by-descriptor", "trace"];
    private static readonly Lock Turn = new();
    private static int _keys = RandomNumberGenerator.GetInt32(1 << 20, 1 << 29);

    private readonly TempRoot _root = new();
    private readonly Stage _stage;
    private readonly string _user;
    private readonly ImmutableArray<Scene> _scenes;
    private readonly List<RollCall> _rollCalls = [];
    private readonly Dictionary<string, Victim> _victims = [];
    private readonly ImmutableSortedDictionary<string, string> _before;
    private ImmutableSortedDictionary<string, string> _after = ImmutableSortedDictionary<string, string>.Empty;

    /// <param name="stage">The programs.</param>
    /// <param name="user">Whom the harness runs as.</param>
    /// <param name="attacks">The attacks to be made.</param>
    internal Arena(Stage stage, string user, IEnumerable<Attack> attacks)
    {
        (_stage, _user) = (stage, user);
        Ear = new Ear(Secret);
        _scenes = [.. attacks.Select(attack => new Scene(this, attack))];
        LayOut();
        var become = BecomeInside();
        foreach (var name in Killable.Intersect(_scenes.Select(scene => scene.Attack.Name)).Concat(_scenes.IsEmpty ? [] : ["witness"]))
        {
            _victims[name] = new Victim(become, stage.Puppet, Secret, Interlocked.Increment(ref _keys), At("target/secret"), At("roots/work"));
        }

        _before = Snapshot();
    }

    /// <summary>What nothing inside may learn.</summary>
    internal string Secret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    internal Ear Ear { get; }

    internal string Marker => _root.Marker;

    internal long User => Stage.Inside(_user);

    internal Victim Witness => _victims["witness"];

    internal Victim VictimOf(string attack) => _victims[attack];

    internal string At(string name) => _root.At(name);

    /// <summary>Whether anything of the place that belongs to an attack is different now.</summary>
    internal bool Changed(string attack) => _before[attack] != _after.GetValueOrDefault(attack);

    /// <summary>Makes them in sandboxes: one for most, and one for each that needs its own.</summary>
    internal ImmutableArray<Seen> Inside(Configuration configuration)
    {
        // Those that share one, then each that has its own; the greedy ones one at a time.
        var kinds = _scenes.Where(scene => scene.Attack.Alone is null).ToList() is { Count: > 0 } shared
            ? [shared, .. _scenes.Where(scene => scene.Attack.Alone is not null).Select(scene => new List<Scene> { scene })]
            : _scenes.Select(scene => new List<Scene> { scene }).ToList();
        var answers = new List<Ended>();
        foreach (var isGreedy in new[] { false, true })
        {
            var some = kinds.Where(scenes => scenes[0].Attack.IsGreedy == isGreedy).ToList();
            var ended = InTurn(isGreedy, () => Carry([.. some.Select(scenes => Order(configuration, scenes))]).Ended);
            answers.AddRange(ended);
            foreach (var (scenes, one) in some.Zip(ended))
            {
                scenes.ForEach(scene => scene.Ended = one);
            }
        }

        return Look(string.Join('\n', answers.Select(answer => answer.Output)));
    }

    /// <summary>Makes them outside, as the same user.</summary>
    internal ImmutableArray<Seen> Outside()
    {
        string Make(bool isGreedy) => InTurn(isGreedy, () => Start([
            .. BecomeInside(), "/bin/sh", Script(isGreedy ? "greedy" : "outside", [.. _scenes.Where(scene => scene.Attack.IsGreedy == isGreedy)], scene => ("", scene.Attack.OutsideSuffix))]));
        return Look(Make(false) + "\n" + Make(true));
    }

    /// <summary>Has orders carried out by a process of the user.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="under">What stands before the program on its command line.</param>
    internal Answer Carry(IReadOnlyList<SandboxOrder> orders, params string[] under)
    {
        var (asked, answered) = (At("orders"), At("answer"));
        File.WriteAllText(asked, JsonSerializer.Serialize(orders, Confine.Program.Json));
        File.WriteAllText(answered, "");
        File.SetUnixFileMode(answered, (UnixFileMode)0b110_110_110);
        Start([.. _user == "ordinary" ? OrdinaryUser.Become : [], .. under, _stage.Confine, asked, answered]);
        return JsonSerializer.Deserialize<Answer>(File.ReadAllText(answered), Confine.Program.Json)!;
    }

    /// <summary>An order for a program in a sandbox of this place.</summary>
    internal SandboxOrder Order(Configuration configuration, params string[] program) => new(_root.Folder, [.. program])
    {
        Landlock = configuration switch { Configuration.NoLandlock => 0, Configuration.Old or Configuration.OldAlone => 2, _ => Core.Sandboxing.Confinement.NewestLandlock },
        Seccomp = configuration is not (Configuration.NoSeccomp or Configuration.OldAlone),
        Open = configuration == Configuration.Full ? [] : [At("outside")],
        User = _user == "root" ? User : null,
        Homes = [At("people")],
        RuntimePlace = At("dotnet"),
    };

    public void Dispose()
    {
        foreach (var one in _victims.Values.Cast<IDisposable>().Concat(_rollCalls).Append(Ear))
        {
            one.Dispose();
        }

        foreach (var (process, _) in Survivors.Find(Marker))
        {
            Tool.Try("/bin/kill", "-9", process.ToString(CultureInfo.InvariantCulture));
        }

        _root.Dispose();
    }

    private SandboxOrder Order(Configuration configuration, List<Scene> scenes)
    {
        var order = Order(configuration, "/bin/sh", Script("inside-" + scenes[0].Attack.Name, scenes, scene => (scene.Attack.InsidePrefix, scene.Attack.InsideSuffix)));
        return scenes[0].Attack.Alone is { } alone ? alone(scenes[0], order) : order;
    }

    // Two that use up what one user may have would be in each other's way.
    private static T InTurn<T>(bool isGreedy, Func<T> act)
    {
        if (!isGreedy)
        {
            return act();
        }

        lock (Turn)
        {
            return act();
        }
    }

    private void LayOut()
    {
        foreach (var name in new[] { "roots/work", "roots/tmp", "outside", "target", "people/home", "dotnet" })
        {
            Directory.CreateDirectory(At(name));
        }

        File.CreateSymbolicLink(At("init"), _stage.Init);
        File.WriteAllText(At("target/secret"), Secret);
        File.WriteAllText(At("target/tool"), $"#!/bin/sh\necho {Secret} > \"$1\"\n");
        File.SetUnixFileMode(At("target/tool"), (UnixFileMode)0b111_101_101);
        File.WriteAllText(At("people/home/.git-credentials"), $"https://user:{Secret}@example.org\n");
        Ear.At(At("people/home/agent"), SocketType.Stream);
        Ear.At(At("people/home/datagrams"), SocketType.Dgram);
        foreach (var scene in _scenes)
        {
            Directory.CreateDirectory(scene.Folder);
            Directory.CreateDirectory(scene.Own);
            File.WriteAllText(scene.File, "as it was");
            scene.Attack.Prepare?.Invoke(scene);
            if (scene.Attack.Look is { } look)
            {
                _rollCalls.Add(new RollCall(scene, look));
            }
        }

        // What is held open must be there, whichever attacks are made.
        foreach (var name in new[] { "write-held", "write-below-held" })
        {
            Directory.CreateDirectory(At("outside/" + name));
            File.AppendAllText(At($"outside/{name}/file"), "");
        }

        Tool.Run("/bin/chmod", "a+rwX", At("roots"));
        if (Stage.AmRoot)
        {
            // The attacker owns what lies outside: only the sandbox is in its way. Only root can own init, which nobody may change.
            Tool.Run("/bin/chown", "-R", $"{User}:{User}", At("roots"), At("outside"), At("target"), At("people"));
        }
    }

    // One puppet after the other; a broken one takes no other with it.
    private string Script(string name, IReadOnlyList<Scene> scenes, Func<Scene, (string Before, string Behind)> around)
    {
        var text = new StringBuilder("export DOTNET_EnableDiagnostics=0 DOTNET_EnableWriteXorExecute=0\n");
        text.Append(CultureInfo.InvariantCulture, $"[ -e '{At("dotnet")}/dotnet' ] && export DOTNET_ROOT='{At("dotnet")}' || export DOTNET_ROOT='{DotnetRoot}'\n");
        foreach (var scene in scenes)
        {
            var words = string.Join(' ', scene.Attack.Words(scene).Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
            var (before, behind) = around(scene);
            text.Append(CultureInfo.InvariantCulture, $"cd '{scene.Own}'; printf '\\n={scene.Attack.Name} '; {before} '{_stage.Puppet}' {words} {behind}\n");
        }

        File.WriteAllText(At("roots/" + name), text.ToString());
        return At("roots/" + name);
    }

    // Whoever starts it has left descriptors open, and a key in the session's keyring.
    private string Start(IReadOnlyList<string> command)
    {
        var script = $"exec {HeldFile}>>\"$0\" {HeldFolder}<\"$1\" {HeldSecret}<\"$2\" {HeldSocket}<>/dev/tcp/127.0.0.1/{Ear.Tcp}; export SECRET_TOKEN={Secret} DOTNET_ROOT='{DotnetRoot}'; shift 2; exec \"$@\"";
        return Tool.Run(
            TimeSpan.FromMinutes(3), "/bin/bash",
            ["-c", script, At("outside/write-held/file"), At("outside/write-below-held"), At("target/secret"), _stage.Puppet, "with-key", Secret, .. command]);
    }

    private IReadOnlyList<string> BecomeInside() => Stage.AmRoot
        ? ["/usr/bin/setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", "--"]
        : [];

    private ImmutableArray<Seen> Look(string output)
    {
        Thread.Sleep(200); // until what was sent is heard
        _after = Snapshot();
        var said = Segment().Matches(output).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        return [.. _scenes.Select(scene => new Seen(scene.Attack, said.GetValueOrDefault(scene.Attack.Name, ""), scene.Attack.Succeeded(scene), Expected(scene), scene.Outside, scene.Ended))];
    }

    // Between its name and the next one's, an attack may print what it likes; the puppet's word stands last.
    [GeneratedRegex(@"^=(\S+) (?:(?!^=)[\s\S])*?(done|no-effect|refused \d+|)\s*(?=^=|\z)", RegexOptions.Multiline)]
    private static partial Regex Segment();

    private static (string Operation, string Path)? Expected(Scene scene) => scene.Attack.Record is { } note ? (note.Operation, note.Path(scene)) : null;

    private ImmutableSortedDictionary<string, string> Snapshot() => Tool.Run("/usr/bin/python3", "-c", SnapshotProgram, At("outside")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ')).ToImmutableSortedDictionary(fields => fields[0], fields => fields[1], StringComparer.Ordinal);

    // Everything of every entry but the time of its last reading.
    private const string SnapshotProgram = """
        import hashlib, os, stat, sys
        for name in sorted(os.listdir(sys.argv[1])):
            digest = hashlib.sha256()
            for folder, folders, files, at in os.fwalk(os.path.join(sys.argv[1], name)):
                folders.sort()
                for entry in ["."] + sorted(files):
                    s = os.stat(entry, dir_fd=at, follow_symlinks=False)
                    facts = [entry, s.st_mode, s.st_uid, s.st_gid, s.st_ino, s.st_nlink, s.st_size, s.st_mtime_ns, s.st_ctime_ns]
                    if stat.S_ISREG(s.st_mode) or entry == ".":
                        file = os.open(entry, os.O_RDONLY, dir_fd=at)
                        facts += [(key, os.getxattr(file, key)) for key in sorted(os.listxattr(file))]
                        if entry != ".":
                            facts.append(os.read(file, 1 << 20))
                        os.close(file)
                    digest.update(repr(facts).encode("utf-8", "surrogateescape"))
            print(name, digest.hexdigest())
        """;
}

/// <summary>What was seen of one attack.</summary>
/// <param name="Attack">The attack.</param>
/// <param name="Said">What the puppet said, which proves nothing.</param>
/// <param name="Succeeded">Whether it succeeded, as seen from outside.</param>
/// <param name="Expected">The operation and the path that the record must hold; null where it holds nothing.</param>
/// <param name="Outside">The place that it must not change.</param>
/// <param name="Ended">What came of its sandbox; null where it was made outside.</param>
internal sealed record Seen(Attack Attack, string Said, bool Succeeded, (string Operation, string Path)? Expected, string Outside, Ended? Ended);
