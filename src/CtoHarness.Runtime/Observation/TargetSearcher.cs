using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Observation;

/// <summary>Searches the five surfaces over which a backend is handed things, for declared targets and for what leads to them.</summary>
internal sealed class TargetSearcher
{
    private const int MostUsers = 1 << 20;
    private const int MostManifest = 1 << 20;

    // A shell of the sandbox has its own.
    private static readonly ImmutableArray<string> OfTheShell = ["PWD", "OLDPWD", "SHLVL", "_"];

    private readonly RunSite _site;
    private readonly Reached _reached;
    private readonly RunPlan _plan;
    private readonly LaneFolders _lane;
    private readonly string _fixture;
    private readonly string _frozen;
    private readonly TargetPlaces _targets;
    private readonly SearchPlaces _places;

    private TargetSearcher(RunSite site, Reached reached)
    {
        _site = site;
        _reached = reached;
        _plan = reached.Plan!;
        _lane = site.Folders.Subject;
        _fixture = FixtureOf(site);
        _frozen = Path.GetDirectoryName(site.Pristine)!;
        _targets = new TargetPlaces(site.Request.Targets);
        ImmutableArray<string> inside = [_lane.Workspace, _fixture, _frozen, _lane.Home];
        _places = new SearchPlaces(
            new PathTerms(Variables(), Homes(), Tops(), site.Request.Targets),
            _targets.Resolve,
            [_lane.Workspace, _fixture, _lane.Home, "/"],
            [.. inside.Where(folder => !site.Request.Targets.Any(target => PathPlaces.IsAt(target, folder)))],
            [.. PathPlaces.OfTheSystem, _lane.Top, .. ProgramsPlaces()]);
    }

    /// <summary>Searches. What is made later is searched as it will be: before the lane stands, the frozen fixture in its place.</summary>
    internal static TargetSearch Search(RunSite site, Reached reached)
    {
        var searcher = new TargetSearcher(site, reached);
        return new TargetSearch(
            TaskContract: searcher.Contract(),
            CommandArguments: searcher.Arguments(),
            RuntimeInputs: searcher.Inputs(),
            Environment: searcher.Variables(searcher.Environment()),
            Config: searcher.Config());
    }

    /// <summary>Looks, before anything of a fixture is read or copied, whether any of it is a target or lies elsewhere.</summary>
    internal static ImmutableArray<string> SearchSource(RunSite site)
    {
        var targets = new TargetPlaces(site.Request.Targets);
        var none = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        var search = new SurfaceSearch(new SearchPlaces(new PathTerms(none, none, [], site.Request.Targets), targets.Resolve, [], [], []), strict: false);
        new InputSearch(search, targets, site.Interrupt).Source("fixture", FixtureOf(site), MountTable.Read().Select(mount => mount.Place));
        return search.Found;
    }

    private static string FixtureOf(RunSite site) => Path.Combine(site.Request.Root.FixturesFolder, site.Request.Task.ToString());

    private ImmutableArray<string> Contract()
    {
        var search = new SurfaceSearch(_places, strict: true);
        var inputs = Files(search);
        inputs.Text("contract.json", File.ReadAllBytes(_site.Bundle.PathOf("contract.json")));
        inputs.Text("instruction", Encoding.UTF8.GetBytes(_reached.Contract!.Instruction));
        return search.Found;
    }

    // What hides a target names it: that is the sandbox's own command line, which the backend does not see.
    private ImmutableArray<string> Arguments()
    {
        var search = new SurfaceSearch(_places, strict: true);
        foreach (var (name, command) in new[] { ("backend", _plan.Command), ("test_command", _plan.TestCommand) })
        {
            string[] words = command is null ? [] : [command.Program, .. command.Arguments];
            for (var number = 0; number < words.Length; number++)
            {
                search.AddValue($"{name}[{number}]", words[number]);
            }
        }

        search.AddValue("driver", _plan.CaseProgram ?? "");
        search.AddValue("working folder", _plan.Sandbox.WorkingFolder);
        foreach (var bind in _targets.Any ? _plan.Sandbox.Binds : [])
        {
            search.AddValue("folder that is given", bind.Source);
        }

        return search.Found;
    }

    // The backend's own program is what is examined and no input: what it opens is recorded while it runs.
    private ImmutableArray<string> Inputs()
    {
        var search = new SurfaceSearch(_places, strict: false);
        var inputs = Files(search);
        var isMade = Directory.Exists(_lane.Workspace);
        inputs.Folder("workspace", isMade ? _lane.Workspace : _site.Pristine, twin: $"{_fixture}/{FixtureFolder.Workspace}");
        inputs.Folder("given", _lane.Given, except: PrepareStep.Script);
        foreach (var name in new[] { FixtureFolder.Solution, FixtureFolder.Verify })
        {
            inputs.Folder(name, Path.Combine(_frozen, name), twin: $"{_fixture}/{name}");
        }

        inputs.Source("fixture", _fixture, MountTable.Read().Select(mount => mount.Place));
        return search.Found;
    }

    private ImmutableArray<string> Variables(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var search = new SurfaceSearch(_places, strict: true);
        foreach (var (name, value) in environment)
        {
            search.AddValue(name, value);
        }

        return search.Found;
    }

    private ImmutableArray<string> Config()
    {
        var search = new SurfaceSearch(_places, strict: false);
        var inputs = Files(search);
        var engine = _reached.Identity.Engine.Name + ".yaml";
        inputs.Text("fixture.yaml", RegularFile.Read(Path.Combine(_frozen, "fixture.yaml"), MostManifest, followLink: false), _fixture);
        inputs.Text($"engines/{engine}", RegularFile.Read(Path.Combine(_site.Request.Root.EnginesFolder, engine), MostManifest, followLink: true), _site.Request.Root.EnginesFolder);
        search.AddValue("model", _reached.Identity.Model?.ToString() ?? "");
        inputs.Folder("home", _lane.Home);
        return search.Found;
    }

    private InputSearch Files(SurfaceSearch search) => new(search, _targets, _site.Interrupt);

    private ImmutableSortedDictionary<string, string> Environment() =>
        _plan.Command is { } command ? _plan.Sandbox.Environment.SetItems(command.Environment) : _plan.Sandbox.Environment;

    // As the sandbox has them; one that it has not, as the person who asks has it.
    private ImmutableDictionary<string, ImmutableArray<string>> Variables()
    {
        var own = Environment();
        return _site.Request.Environment.Where(pair => !own.ContainsKey(pair.Key) && !OfTheShell.Contains(pair.Key))
            .Concat(own).Append(new KeyValuePair<string, string>("PWD", _lane.Workspace))
            .ToImmutableDictionary(pair => pair.Key, pair => ImmutableArray.Create(pair.Value), StringComparer.Ordinal);
    }

    private ImmutableDictionary<string, ImmutableArray<string>> Homes()
    {
        var users = RegularFile.Read("/etc/passwd", MostUsers, followLink: true);
        string[] own = [_lane.Home, System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), _site.Request.Environment.GetValueOrDefault("HOME", "")];
        return Encoding.UTF8.GetString(users).Split('\n').Select(line => line.Split(':')).Where(parts => parts.Length > 5 && parts[0].Length > 0)
            .GroupBy(parts => parts[0], parts => parts[5], StringComparer.Ordinal)
            .Select(user => KeyValuePair.Create(user.Key, user.Where(home => home.StartsWith('/')).ToImmutableArray()))
            .Append(KeyValuePair.Create("", own.Where(home => home.StartsWith('/')).Distinct().ToImmutableArray()))
            .ToImmutableDictionary(StringComparer.Ordinal);
    }

    private static ImmutableHashSet<string> Tops() =>
        [.. Directory.EnumerateFileSystemEntries("/").Select(path => Path.GetFileName(path))];

    // The program itself, and what it is made of.
    private IEnumerable<string> ProgramsPlaces() => _reached is { Identity.Engine.IsScript: false, Program: { Path.Length: > 0 } program }
        ? [Path.GetDirectoryName(program.Path)!, HostPaths.Resolve(program.Path), .. program.Needs, .. program.Needs.Select(HostPaths.Resolve)]
        : [];
}
