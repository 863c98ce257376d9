using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Where a path leads.</summary>
/// <param name="Path">The absolute path; what is no path, such as a pipe, as the kernel writes it; null where there is none, or it cannot be found out.</param>
/// <param name="Error">The error with which the kernel itself refuses such a path; 0 where it does not.</param>
internal readonly record struct Whereabouts(string? Path, int Error = 0);

/// <summary>Finds out which path a call of a program in a sandbox means, with every link resolved as that program sees it.</summary>
/// <remarks>Paths are texts of one character for each byte (Latin-1), so that any name survives.</remarks>
internal sealed class PathResolver : IDisposable
{
    private const int MostLinks = 40;
    private const int MostNames = 4096; // twice as many as one path can hold
    private const int LongestResult = 8192;
    private const int LongestName = 255;
    private const int WorkingFolder = -100; // AT_FDCWD
    private const int NotPermitted = 1;
    private const int NotThere = 2;
    private const int BadDescriptor = 9;
    private const int NotAllowed = 13;
    private const int NotAFolder = 20;
    private const int TooLong = 36;
    private const int TooManyLinks = 40;
    private const string Gone = " (deleted)";
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
    /// <param name="follow">Whether a link at its end is followed; one with a slash behind it always is.</param>
    internal Whereabouts Resolve(int process, int? folder, string given, bool follow)
    {
        follow |= given.EndsWith('/');
        if (given.StartsWith('/'))
        {
            return Walk(process, "", given, follow);
        }

        var start = folder is { } descriptor && descriptor != WorkingFolder ? OfDescriptor(process, descriptor) : Of(process, "cwd");
        return start.Path is not { } place ? start
            : !place.StartsWith('/') ? new Whereabouts(null, NotAFolder)
            : given.Length == 0 ? start
            : Walk(process, place == "/" ? "" : place, given, follow);
    }

    /// <summary>What a descriptor of a program is.</summary>
    internal static Whereabouts OfDescriptor(int process, int descriptor)
    {
        var where = Of(process, "fd/" + Number(descriptor));
        if (where.Path is not null || where.Error != 0)
        {
            return where;
        }

        // A program that lets nobody look at it.
        using var file = ForeignCalls.Take(process, descriptor);
        return file is not null && ForeignCalls.PathOf(file) is { } bytes ? new Whereabouts(Named(Encoding.Latin1.GetString(bytes))) : default;
    }

    /// <summary>Whether something stands at a resolved path.</summary>
    internal bool Exists(string path)
    {
        using var file = ForeignCalls.OpenInRoot(_root!, Bytes(path), follow: false);
        return file is not null;
    }

    private static Whereabouts Of(int process, string link) =>
        ForeignCalls.Link($"/proc/{Number(process)}/{link}") is { } bytes ? new Whereabouts(Named(Encoding.Latin1.GetString(bytes)))
        : new Whereabouts(null, Marshal.GetLastPInvokeError() == NotThere ? BadDescriptor : 0);

    // The start is the kernel's own name for a folder. Nothing in it is a link, but once that folder is deleted something else may stand at its name.
    private Whereabouts Walk(int process, string start, string given, bool follow)
    {
        if (!start.EndsWith(Gone, StringComparison.Ordinal) && Quick(start + "/" + given, follow) is { } known)
        {
            return new Whereabouts(known);
        }

        // By hand, name by name: what does not exist yet, and links of /proc, which show another root than ours.
        var done = start;
        var left = new LinkedList<string>(Names(given));
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

            if (first.Value.Length > LongestName)
            {
                return new Whereabouts(null, TooLong);
            }

            var next = done + "/" + first.Value;
            if (next.Length > LongestResult || left.Count > MostNames)
            {
                return default;
            }

            var (target, isKnown) = left.Count == 0 && !follow ? (null, true) : LinkAt(process, next);
            if (!isKnown)
            {
                return default;
            }

            if (target is null)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return new Whereabouts(null, TooManyLinks);
            }

            if (IsMagic(next))
            {
                if (!target.StartsWith('/'))
                {
                    return left.Count == 0 ? new Whereabouts(target) : new Whereabouts(null, NotAFolder); // a pipe, a socket: no path goes on from there
                }

                done = target == "/" ? "" : target; // the kernel's own name for it, and no text to be read again
                continue;
            }

            done = target.StartsWith('/') ? "" : done;
            foreach (var name in Names(target).Reverse())
            {
                left.AddFirst(name);
            }
        }

        return new Whereabouts(done.Length == 0 ? "/" : done);
    }

    // The kernel's own answer, where the whole path exists and no link of /proc is on the way.
    private string? Quick(string path, bool follow)
    {
        using var file = ForeignCalls.OpenInRoot(_root!, Bytes(path), follow);
        return file is null ? null : Text(ForeignCalls.PathOf(file));
    }

    // These two show whoever looks at them itself, which here would be the harness.
    private (string? Target, bool IsKnown) LinkAt(int process, string path)
    {
        if (path is "/proc/self" or "/proc/thread-self")
        {
            var own = OwnFolder(process, ofThread: path != "/proc/self");
            return (own, own is not null);
        }

        // Elsewhere the program is refused as we are; a process's own folder may be open to it and closed to us.
        var target = Text(ForeignCalls.LinkInRoot(_root!, Bytes(path), out var error));
        return (target is null ? null : IsMagic(path) ? Named(target) : target, error != TooLong && !(error is NotAllowed or NotPermitted && IsMagic(path)));
    }

    // As the /proc of the sandbox numbers it; a thread has a number of its own, and its process another.
    private static string? OwnFolder(int process, bool ofThread)
    {
        string? group = null, thread = null;
        try
        {
            foreach (var line in File.ReadLines($"/proc/{Number(process)}/status", Encoding.Latin1))
            {
                group = line.StartsWith("NStgid:", StringComparison.Ordinal) ? line[(line.LastIndexOf('\t') + 1)..] : group;
                thread = line.StartsWith("NSpid:", StringComparison.Ordinal) ? line[(line.LastIndexOf('\t') + 1)..] : thread;
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return group is null || thread is null ? null : ofThread ? $"/proc/{group}/task/{thread}" : $"/proc/{group}";
    }

    // Links of a process's folder; those that stand elsewhere in /proc, such as net and mounts, are links like any other.
    private static bool IsMagic(string path) => path.StartsWith("/proc/", StringComparison.Ordinal) && path.Length > 6 && char.IsAsciiDigit(path[6]);

    // Memory that looks like a file is a program's own, and no path.
    private static string Named(string link) =>
        link.StartsWith("/memfd:", StringComparison.Ordinal) && link.EndsWith(Gone, StringComparison.Ordinal) ? link[1..] : link;

    private static string[] Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Bytes(string path) => Encoding.Latin1.GetBytes(path + "\0");

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.Latin1.GetString(bytes);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
