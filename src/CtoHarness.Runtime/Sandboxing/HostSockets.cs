using System.Collections;
using System.Collections.Immutable;
using CtoHarness.Core.Observation;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>Finds the unix sockets of this machine that have a path: through a read-only mount anybody may connect to them, so they must be hidden.</summary>
internal static class HostSockets
{
    private const string Table = "/proc/net/unix";

    // A sandbox has these of its own.
    private static readonly ImmutableArray<string> Replaced = ["/tmp", "/var/tmp", "/dev", "/proc"];

    private static readonly ImmutableArray<string> Usual = ["/var/run/docker.sock", "/run/docker.sock", "/run/containerd", "/run/podman", "/run/dbus", "/run/user", "/var/run/nscd"];

    private static readonly ImmutableArray<string> Folders = ["XDG_RUNTIME_DIR", "GNUPGHOME"];

    private static readonly ImmutableArray<string> Sockets =
        ["SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "DOCKER_HOST", "CONTAINER_HOST", "GPG_AGENT_INFO", "PULSE_SERVER", "I3SOCK", "SWAYSOCK", "TMUX", "NVIM"];

    /// <summary>What must be hidden, going by this machine's table and the variables of whoever started the harness.</summary>
    internal static ImmutableArray<string> Places() => Places(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)(entry.Value ?? ""), StringComparer.Ordinal));

    /// <summary>What must be hidden so that no such socket can be reached: the folders that hold them; where a folder is needed, or stands at the top of the machine, the socket alone.</summary>
    /// <param name="environment">The variables of the person who asks.</param>
    internal static ImmutableArray<string> Places(IReadOnlyDictionary<string, string> environment) =>
        File.Exists(Table) ? Places(File.ReadLines(Table), environment)
        : throw new IOException($"{Table} is not there, so nobody can tell which sockets of this machine must be hidden");

    /// <summary>The same for a given table.</summary>
    internal static ImmutableArray<string> Places(IEnumerable<string> table, IReadOnlyDictionary<string, string> environment)
    {
        var places = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var socket in table.Select(PathOf).Where(path => !Bait.IsBait(path)).Concat(Usual).Concat(Sockets.SelectMany(name => Named(environment.GetValueOrDefault(name, "")))))
        {
            if (Real(socket) is { } real && MayConnect(real))
            {
                places.Add(Directory.Exists(real) ? Hideable(real) ?? "" : Hideable(Path.GetDirectoryName(real)!) ?? real);
            }
        }

        foreach (var folder in Folders.Select(name => environment.GetValueOrDefault(name, "")))
        {
            if (Real(folder) is { } real && Directory.Exists(real))
            {
                places.Add(Hideable(real) ?? "");
            }
        }

        places.Remove("");
        return [.. places];
    }

    // Who connects must be allowed to write to it; where the harness runs as root, the sandbox's user is neither its owner nor in its group.
    private static bool MayConnect(string socket) =>
        !ProcessCalls.IsRoot || Directory.Exists(socket) || !File.Exists(socket) || (File.GetUnixFileMode(socket) & UnixFileMode.OtherWrite) != 0;

    // Where one hides it, deeper ones are hidden with it.
    private static string? Hideable(string folder) => folder.LastIndexOf('/') > 0 && HostView.CanHide(folder) ? folder : null;

    private static string? Real(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && FileSystemCalls.RealPath(path) is { } real
        && !Replaced.Any(place => PathPlaces.IsAt(real, place)) ? real : null;

    // The eighth column; a name that begins with @ has no path, and one without a name has no column.
    private static string PathOf(string line)
    {
        var at = 0;
        for (var column = 0; column < 7; column++)
        {
            while (at < line.Length && line[at] != ' ')
            {
                at++;
            }

            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }
        }

        return line[at..];
    }

    // unix:path=/place,guid=…;unix:… and unix:///place and /place:number:number
    private static IEnumerable<string> Named(string value) =>
        value.Split(';', ',').Select(part => part[Math.Max(0, part.IndexOf('/', StringComparison.Ordinal))..])
            .Select(part => part.StartsWith("//", StringComparison.Ordinal) ? "/" + part.TrimStart('/') : part)
            .SelectMany(part => new[] { part, part.Split(':')[0] });
}
