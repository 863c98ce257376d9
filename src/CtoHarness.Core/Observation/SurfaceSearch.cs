using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Core.Observation;

/// <summary>Where a path really leads.</summary>
/// <param name="Real">The path with the links of all that exists of it resolved.</param>
/// <param name="Target">The target that stands there under another name, known by more than its path; empty where none does.</param>
public readonly record struct PathLead(string Real, string Target);

/// <summary>What a search knows of the run and its machine.</summary>
/// <param name="Terms">What words may stand for.</param>
/// <param name="Resolve">Says where an absolute path really leads.</param>
/// <param name="Folders">Where whoever reads the texts may stand: absolute paths.</param>
/// <param name="Inside">Folders of the run that hold no link: a relative path that stays within one leads nowhere else.</param>
/// <param name="Allowed">Where the run itself has business; asked where no target was declared.</param>
public sealed record SearchPlaces(
    PathTerms Terms, Func<string, PathLead> Resolve, ImmutableArray<string> Folders, ImmutableArray<string> Inside, ImmutableArray<string> Allowed);

/// <summary>Searches what is handed over one surface for declared targets; where none was declared, for paths that the run has no business with.</summary>
public sealed class SurfaceSearch
{
    /// <summary>How much of what was found is told.</summary>
    public const int MostFound = 100;

    /// <summary>The most paths of one text that are looked up; what has more is not searched to the end, and says so.</summary>
    public const int MostPaths = 400_000;
    private const long MostLetters = 32 << 20;

    private readonly SearchPlaces _places;
    private readonly bool _strict;
    private readonly PathSearch _search;
    private readonly HashSet<(string Path, bool IsPlain)> _seen = [];
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);
    private string _where = "";
    private ImmutableArray<string> _folders = [];
    private long _letters;
    private string _refusal = "";

    /// <summary>Begins a search.</summary>
    /// <param name="places">The run and its machine.</param>
    /// <param name="strict">Whether every absolute path counts where no target was declared, and not only what most likely is one of a machine.</param>
    public SurfaceSearch(SearchPlaces places, bool strict)
    {
        ArgumentNullException.ThrowIfNull(places);
        _places = places;
        _strict = strict;
        _search = new PathSearch(places.Terms, Take);
    }

    /// <summary>What was found: each with its place; the last entry says so where the search was not made to its end.</summary>
    public ImmutableArray<string> Found => [.. _found.Take(MostFound), .. _refusal.Length > 0 ? [$"not searched to the end: {_refusal}"] : Array.Empty<string>()];

    /// <summary>Whether it makes no sense to go on.</summary>
    public bool IsOver => _refusal.Length > 0 || _found.Count > MostFound;

    /// <summary>Begins a text.</summary>
    /// <param name="where">What it is called.</param>
    /// <param name="folders">Where else whoever reads this text may stand.</param>
    public void Begin(string where, ImmutableArray<string> folders)
    {
        _where = where;
        _folders = folders;
    }

    /// <summary>Goes on with a text.</summary>
    /// <param name="bytes">Its next bytes.</param>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        // In steps, so that a text that is refused costs no more than the bound.
        const int step = 1 << 16;
        for (var at = 0; at < bytes.Length && !IsOver; at += step)
        {
            _search.Add(bytes[at..Math.Min(bytes.Length, at + step)]);
        }
    }

    /// <summary>Ends a text.</summary>
    public void End() => _search.End();

    /// <summary>Searches a value that may be a path as a whole, such as one argument.</summary>
    /// <param name="where">What it is called.</param>
    /// <param name="value">The value.</param>
    public void AddValue(string where, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Begin(where, []);
        if (value.Length > 0)
        {
            Take(new PathWord(value, value[0] == '/' && !value.Contains(':', StringComparison.Ordinal)));
        }

        Add(Encoding.UTF8.GetBytes(value));
        End();
    }

    /// <summary>Notes what was found by other means than a path in a text.</summary>
    /// <param name="where">What it is called.</param>
    /// <param name="what">What was found.</param>
    public void Note(string where, string what) => Tell(where, what);

    /// <summary>Says that the search was not made to its end, which is never a pass.</summary>
    /// <param name="why">Why.</param>
    public void Refuse(string why) => _refusal = _refusal.Length > 0 ? _refusal : why;

    private void Take(PathWord word)
    {
        if (IsOver)
        {
            return;
        }

        if (word.Text.StartsWith('/'))
        {
            Meet(word.Text, word);
            return;
        }

        foreach (var folder in _places.Folders.Concat(_folders))
        {
            var path = folder.TrimEnd('/') + "/" + word.Text;
            var normal = PathPlaces.Normal(path);
            if (!_places.Inside.Any(inside => PathPlaces.IsAt(normal, inside)))
            {
                Meet(path, word);
            }
        }
    }

    private void Meet(string path, PathWord word)
    {
        if (!_seen.Add((path, word.IsPlain)))
        {
            return;
        }

        _letters += path.Length;
        if (_seen.Count > MostPaths || _letters > MostLetters)
        {
            _refusal = string.Create(CultureInfo.InvariantCulture, $"it holds more than {MostPaths} different words, or {MostLetters} letters of words, that may be paths");
        }
        else if (!_places.Terms.Targets.IsEmpty)
        {
            MeetTarget(path, word);
        }
        else if (word.IsPlain && PathPlaces.Normal(path) is { Length: > 1 } normal && !_places.Allowed.Any(allowed => PathPlaces.IsAt(normal, allowed))
            && (_strict || PathPlaces.IsLikely(path, _places.Terms.Tops)))
        {
            Tell(_where, $"not on the allow-list: {PlainText.Visible(path, 300)}");
        }
    }

    private void MeetTarget(string path, PathWord word)
    {
        if (At(PathPlaces.Normal(path)) is { Length: > 0 } named)
        {
            Tell(_where, $"{PlainText.Visible(word.Text, 300)} names the target {PlainText.Visible(named, 300)}");
            return;
        }

        var lead = _places.Resolve(path);
        if ((lead.Target.Length > 0 ? lead.Target : At(lead.Real)) is { Length: > 0 } led)
        {
            Tell(_where, $"{PlainText.Visible(word.Text, 300)} leads to the target {PlainText.Visible(led, 300)}");
        }
    }

    private string At(string path) => _places.Terms.Targets.FirstOrDefault(target => PathPlaces.IsAt(path, target)) ?? "";

    private void Tell(string where, string what) => _found.Add($"{PlainText.Visible(where, 300)}: {what}");
}
