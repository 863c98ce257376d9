using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CtoHarness.Runtime.Processes;

/// <summary>A process as /proc shows it at this moment; one that is gone, or that we may not look at, has no fields.</summary>
/// <param name="Id">Its number.</param>
internal sealed partial record ProcessEntry(int Id)
{
    private string Folder { get; } = string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}");

    /// <summary>Every process of this machine that we see.</summary>
    internal static IEnumerable<ProcessEntry> All() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select new ProcessEntry(int.Parse(name, CultureInfo.InvariantCulture));

    /// <summary>State, parent and the rest of <c>stat</c> behind the name, which may itself hold blanks and brackets.</summary>
    internal string[] Stat
    {
        get
        {
            var stat = Encoding.UTF8.GetString(Read("stat"));
            return stat.LastIndexOf(')') is > 0 and var end && end + 2 < stat.Length ? stat[(end + 2)..].Split(' ') : [];
        }
    }

    /// <summary>Whether it is more than an entry that waits to be collected.</summary>
    internal bool IsAlive => Stat is [not ("Z" or "X"), ..];

    /// <summary>The number of the process that started it; 0 where it is unknown.</summary>
    internal int Parent => Stat is [_, var parent, ..] && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>Whether somebody sits at its terminal.</summary>
    internal bool HasTerminal => Stat is [_, _, _, _, not "0", ..];

    /// <summary>Its program's file name.</summary>
    internal string Program => Path.GetFileName(Link("exe"));

    /// <summary>Its process namespace.</summary>
    internal string Namespace => Link("ns/pid");

    /// <summary>Where it stands.</summary>
    internal string WorkingFolder => Link("cwd");

    /// <summary>Its arguments, as far as it has not changed them.</summary>
    internal string[] Arguments => Encoding.UTF8.GetString(Read("cmdline")).Split('\0');

    /// <summary>The places at which something is mounted for it: it cannot change what it was given.</summary>
    internal IEnumerable<string> Mounts =>
        Encoding.UTF8.GetString(Read("mountinfo")).Split('\n').Select(line => line.Split(' ')).Where(fields => fields.Length > 4).Select(fields => Plain(fields[4]));

    private byte[] Read(string name)
    {
        try
        {
            return File.ReadAllBytes($"{Folder}/{name}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Link(string name)
    {
        try
        {
            return new FileInfo($"{Folder}/{name}").LinkTarget ?? "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Plain(string escaped) =>
        Octal().Replace(escaped, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
