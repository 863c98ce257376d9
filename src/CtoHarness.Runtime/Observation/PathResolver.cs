using System.Globalization;
using System.Text;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Finds out which path a call of a program in a sandbox means, with every link resolved as that program sees it.</summary>
/// <remarks>Paths are texts of one character for each byte (Latin-1), so that any name survives.</remarks>
internal sealed class PathResolver : IDisposable
{
    private const int MostLinks = 40;
    private const int WorkingFolder = -100; // AT_FDCWD
    private SafeFileHandle? _root;

    /// <summary>Opens the root as a program of the sandbox sees it.</summary>
    internal bool TryOpen(int process)
    {
        _root ??= ForeignCalls.OpenPath($"/proc/{Number(process)}/root");
        return _root is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _root?.Dispose();

    /// <summary>Where a path that a program names leads.</summary>
    /// <param name="process">The program.</param>
    /// <param name="folder">The descriptor that a relative path starts from; null for the working folder.</param>
    /// <param name="given">The path as it was named.</param>
    /// <param name="follow">Whether a link at its end is followed.</param>
    /// <returns>The absolute path; what is no path, such as a pipe, as the kernel writes it; null where it cannot be found out.</returns>
    internal string? Resolve(int process, int? folder, string given, bool follow)
    {
        if (given.StartsWith('/'))
        {
            return Walk(process, given, follow);
        }

        var start = folder is { } descriptor && descriptor != WorkingFolder ? OfDescriptor(process, descriptor) : Text(ForeignCalls.Link($"/proc/{Number(process)}/cwd"));
        return start is null || !start.StartsWith('/') ? null
            : given.Length == 0 ? start
            : Walk(process, start + "/" + given, follow);
    }

    /// <summary>What a descriptor of a program is.</summary>
    internal static string? OfDescriptor(int process, int descriptor) =>
        Text(ForeignCalls.Link($"/proc/{Number(process)}/fd/{Number(descriptor)}"));

    /// <summary>Whether something stands at a resolved path.</summary>
    internal bool Exists(string path)
    {
        using var file = ForeignCalls.OpenInRoot(_root!, Bytes(path), follow: false);
        return file is not null;
    }

    private string? Walk(int process, string path, bool follow)
    {
        if (Quick(path, follow) is { } known)
        {
            return known;
        }

        // By hand, name by name: what does not exist yet, and links of /proc, which show another root than ours.
        var done = "";
        var left = new LinkedList<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var links = 0;
        while (left.First is { } first)
        {
            left.RemoveFirst();
            if (first.Value == ".")
            {
                continue;
            }

            if (first.Value == "..")
            {
                done = done.Length == 0 ? "" : done[..done.LastIndexOf('/')];
                continue;
            }

            var next = done + "/" + first.Value;
            if (LinkAt(process, next, isLast: left.Count == 0, follow) is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            if (!target.StartsWith('/') && IsMagic(next))
            {
                return left.Count == 0 ? target : null; // a pipe, a socket: no path goes on from there
            }

            done = target.StartsWith('/') ? "" : done;
            foreach (var name in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.AddFirst(name);
            }
        }

        return done.Length == 0 ? "/" : done.Replace(HostPrefix, "/proc/", StringComparison.Ordinal);
    }

    // The kernel's own answer, where the whole path exists and no link of /proc is on the way.
    private string? Quick(string path, bool follow)
    {
        using var file = ForeignCalls.OpenInRoot(_root!, Bytes(path), follow);
        return file is null ? null : Text(ForeignCalls.PathOf(file));
    }

    private string? LinkAt(int process, string path, bool isLast, bool follow)
    {
        if (isLast && !follow)
        {
            return null;
        }

        if (path is "/proc/self" or "/proc/thread-self")
        {
            return HostProc(process);
        }

        return path.StartsWith(HostPrefix, StringComparison.Ordinal)
            ? Text(ForeignCalls.Link("/proc/" + path[HostPrefix.Length..]))
            : Text(ForeignCalls.LinkInRoot(_root!, Bytes(path)));
    }

    // A place that stands for the program's own folder of this machine's /proc; shown as /proc/PID.
    private const string HostPrefix = "/proc/host:";

    private static string HostProc(int process) => $"{HostPrefix}{Number(process)}";

    // Links of a process's folder; those that stand in /proc itself, such as net and mounts, are links like any other.
    private static bool IsMagic(string path) => path.StartsWith("/proc/", StringComparison.Ordinal) && path.IndexOf('/', "/proc/".Length) > 0;

    private static byte[] Bytes(string path) => Encoding.Latin1.GetBytes(path + "\0");

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.Latin1.GetString(bytes);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
