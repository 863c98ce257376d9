using System.Collections.Immutable;
using System.Text;
using CtoHarness.Core.Observation;

namespace CtoHarness.Tests.Core.Observation;

/// <summary>A machine on paper: three targets, a few links, one lane.</summary>
internal static class SomeSurface
{
    public const string Target = "/srv/target";

    private const string Workspace = "/lane/root/workspace";

    private static readonly (string Link, string Leads)[] Links =
    [
        ("/opt/link", Target), ("/opt/my link", Target), ("/opt/inner", Target + "/src"), ("/opt/folder", "/srv"), (Workspace + "/sub/out", Target),
    ];

    public static SearchPlaces Places(params string[] targets) => new(
        new PathTerms(
            new Dictionary<string, ImmutableArray<string>>
            {
                ["TARGET"] = [Target],
                ["BASE"] = ["/srv"],
                ["LIST"] = ["/usr/bin:/srv/target/bin"],
                ["HOME"] = ["/lane/root/home"],
            }.ToImmutableDictionary(),
            new Dictionary<string, ImmutableArray<string>>
            {
                [""] = ["/lane/root/home", "/home/me"],
                ["deploy"] = [Target],
            }.ToImmutableDictionary(),
            ["srv", "usr", "opt", "home"],
            [.. targets]),
        path => new PathLead(Resolve(path), path.StartsWith("/mnt/twin", StringComparison.Ordinal) ? Target : ""),
        [Workspace, "/"],
        [Workspace],
        [.. PathPlaces.OfTheSystem, "/lane"]);

    public static ImmutableArray<string> Search(string text, params string[] targets) => Search(Encoding.UTF8.GetBytes(text), targets);

    public static ImmutableArray<string> Search(byte[] text, params string[] targets) => Search(text, strict: true, targets);

    public static ImmutableArray<string> Search(byte[] text, bool strict, params string[] targets)
    {
        var search = new SurfaceSearch(Places(targets), strict);
        search.Begin("text", [Workspace + "/sub"]);
        search.Add(text);
        search.End();
        return search.Found;
    }

    /// <summary>How many paths a search of a text asks the machine about.</summary>
    public static int Lookups(byte[] text, params string[] targets)
    {
        var count = 0;
        var places = Places(targets);
        var search = new SurfaceSearch(places with { Resolve = path => { count++; return places.Resolve(path); } }, strict: true);
        search.Begin("text", [Workspace + "/sub"]);
        search.Add(text);
        search.End();
        return count;
    }

    private static string Resolve(string path)
    {
        var normal = PathPlaces.Normal(path);
        var link = Links.FirstOrDefault(one => PathPlaces.IsAt(normal, one.Link));
        return link.Link is null ? normal : link.Leads + normal[link.Link.Length..];
    }
}
