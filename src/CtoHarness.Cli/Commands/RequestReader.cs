using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Cli.Commands;

/// <summary>The words of <c>run</c>, as they were typed.</summary>
internal sealed record RunWords(
    string Fixture,
    string Engine,
    string? Model,
    string? Profile,
    string? RunsDir,
    string? StateDir,
    string? HarnessRoot,
    ImmutableArray<string> Targets,
    ImmutableArray<string> Protect,
    string? Nonce,
    string? Timeout,
    bool KeepWorkspace,
    bool NoControls);

/// <summary>Turns words into a request, or into everything that is wrong with them.</summary>
internal sealed class RequestReader
{
    private readonly RunWords _words;
    private readonly List<Problem> _problems = [];

    private RequestReader(RunWords words) => _words = words;

    internal static Parsed<RunRequest> Read(RunWords words)
    {
        var reader = new RequestReader(words);
        var request = reader.Read();
        return reader._problems.Count > 0
            ? new Parsed<RunRequest>.Refused([.. reader._problems])
            : new Parsed<RunRequest>.Value(request!);
    }

    private RunRequest? Read()
    {
        var environment = Surroundings.Environment();
        Take(Surroundings.CheckProfile(_words.Profile));
        var folders = StateFolders.Find(environment, _words.Profile, _words.RunsDir, _words.StateDir);
        Take(Surroundings.CheckKeys(folders));
        var root = Take(Surroundings.OpenRoot(_words.HarnessRoot, folders));
        var nonce = Nonce();
        var timeout = Timeout();
        var targets = Places(_words.Targets, "--target", folders);
        var protect = Places(_words.Protect, "--protect", null);
        _problems.AddRange(protect.Where(folders.IsWrittenByRuns).Select(path => Unprovable("--protect", path)));
        if (root is null)
        {
            return null;
        }

        var policy = Take(root.Policy());
        var registry = Take(root.Models());
        var task = Task(root);
        var engine = Engine(root);
        if (policy is null || registry is null || engine is null || task is null)
        {
            return null;
        }

        CheckRoots(policy, folders);
        var model = Model(engine);
        return new RunRequest(
            root, folders, timeout is null ? EngineLimits.Over(policy, engine) : EngineLimits.Over(policy, engine).With(timeout), task.Value, engine, model, registry.AdmissionOf(model),
            targets, protect, nonce, _words.KeepWorkspace, _words.NoControls ? ControlChoice.None : ControlChoice.Usual, environment)
        {
            Provider = model is null ? null : registry.Find(model.Provider),
        };
    }

    private TaskId? Task(HarnessRoot root)
    {
        var known = root.FixtureNames();
        if (TaskId.TryParse(_words.Fixture, out var task) && known.Contains(_words.Fixture))
        {
            return task;
        }

        _problems.Add(new Problem("FIXTURE", $"there is no fixture {PlainText.Quote(_words.Fixture)}", Known(known)));
        return null;
    }

    private EngineManifest? Engine(HarnessRoot root)
    {
        var known = root.EngineNames();
        if (known.Contains(_words.Engine))
        {
            return Take(root.Engine(_words.Engine));
        }

        _problems.Add(new Problem("--engine", $"there is no engine {PlainText.Quote(_words.Engine)}", Known(known)));
        return null;
    }

    private ModelName? Model(EngineManifest engine)
    {
        if (_words.Model is not { } text)
        {
            return engine.Model;
        }

        if (engine.Model is null)
        {
            _problems.Add(new Problem("--model", $"the engine {PlainText.Quote(engine.Name)} calls no model", "leave --model out, or name another --engine"));
            return null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var model = slash < 0 ? new ModelName(engine.Model.Provider, text) : new ModelName(text[..slash], text[(slash + 1)..]);
        if (model.Provider.Length == 0 || model.Name.Length == 0 || text.Length > 200)
        {
            _problems.Add(new Problem("--model", $"{PlainText.Quote(text)} names no model", "write PROVIDER/MODEL, or MODEL for the engine's own provider"));
        }

        return model;
    }

    private string? Nonce()
    {
        if (_words.Nonce is { } nonce && (nonce.Length != 64 || !nonce.All(char.IsAsciiHexDigitLower)))
        {
            _problems.Add(new Problem("--nonce", $"{PlainText.Quote(nonce)} is no nonce", "write 64 lower-case hexadecimal digits"));
        }

        return _words.Nonce;
    }

    private PolicySetting? Timeout()
    {
        if (_words.Timeout is not { } text)
        {
            return null;
        }

        var key = PolicyKeys.All.First(k => k.Name == "limits.wall_seconds");
        var factor = text.Length > 0 ? text[^1] switch { 's' => 1L, 'm' => 60L, 'h' => 3600L, _ => 0L } : 0L;
        var digits = factor == 0 ? text : text[..^1];
        if (digits.Length <= 6 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number * Math.Max(1, factor) is var seconds && seconds >= key.Min && seconds <= key.Max)
        {
            return new PolicySetting(key.Name, [seconds.ToString(CultureInfo.InvariantCulture)], "--timeout");
        }

        _problems.Add(new Problem("--timeout", $"{PlainText.Quote(text)} is no time", $"write seconds, or a number with s, m or h, from {key.Min} to {key.Max} seconds"));
        return null;
    }

    // Targets are also checked for whether they can be hidden at all.
    private ImmutableArray<string> Places(ImmutableArray<string> paths, string option, StateFolders? folders)
    {
        var places = ImmutableArray.CreateBuilder<string>();
        foreach (var path in paths)
        {
            if (Surroundings.RealPath(path) is not { } real)
            {
                _problems.Add(new Problem(option, $"{PlainText.Quote(path)} does not exist or cannot be reached", "name a folder or file that exists"));
            }
            else if (folders is not null && Surroundings.CannotHide(real, folders) is { Length: > 0 } reason)
            {
                _problems.Add(new Problem(option, $"{PlainText.Quote(path)} cannot be hidden: {reason}", "name something smaller"));
            }
            else
            {
                places.Add(real);
            }
        }

        return places.ToImmutable();
    }

    // A role whose path is not there would be listed as protected, and nothing could be said of it.
    private void CheckRoots(RunPolicy policy, StateFolders folders)
    {
        foreach (var setting in policy.Settings.Where(setting => setting.Name.StartsWith(PolicyKeys.ProtectedPrefix, StringComparison.Ordinal)))
        {
            foreach (var path in setting.Value)
            {
                if (Surroundings.RealPath(path) is not { } real)
                {
                    _problems.Add(new Problem(
                        PlainText.Visible(setting.Source), $"{setting.Name} names {PlainText.Quote(path)}, which does not exist or cannot be reached", "name a folder or file that exists, or take it out"));
                }
                else if (folders.IsWrittenByRuns(real))
                {
                    _problems.Add(Unprovable(PlainText.Visible(setting.Source), path));
                }
            }
        }
    }

    private static Problem Unprovable(string where, string path) =>
        new(where, $"{PlainText.Quote(path)} cannot be protected: runs themselves write there", "name something else, or other folders with --runs-dir and --state-dir");

    private T? Take<T>(Parsed<T> parsed)
        where T : class
    {
        if (parsed is Parsed<T>.Refused refused)
        {
            _problems.AddRange(refused.Problems);
            return null;
        }

        return ((Parsed<T>.Value)parsed).Result;
    }

    private void Take(IEnumerable<Problem> problems) => _problems.AddRange(problems);

    private static string Known(ImmutableArray<string> names) =>
        names.IsEmpty ? "the harness root has none" : $"known are: {string.Join(", ", names.Take(20).Select(name => PlainText.Visible(name, 64)))}";
}
