using System.Globalization;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>Attacks that change files.</summary>
internal static unsafe class Writes
{
    private const string Change = "changed";
    private const int FollowLink = 0x400;
    private const int RemoveFolder = 0x200;

    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["write"] = words => Kernel.Put(Kernel.Open(words[0], Kernel.WriteOnly), Change),
        ["create"] = words => Kernel.Put(Kernel.Open(words[0], Kernel.WriteOnly | Kernel.Create), Change),
        ["create-bytes"] = words => Kernel.Do(Call.OpenAt, Kernel.Here, Kernel.Bytes([.. Encoding.UTF8.GetBytes(words[0] + "/"), .. Convert.FromHexString(words[1]), 0]), Kernel.WriteOnly | Kernel.Create, 0x180),
        ["write-by-link"] = words => First(Link(words[0], "l"), () => Kernel.Put(Kernel.Open("l", Kernel.WriteOnly), Change)),
        ["write-through-link"] = words => First(Link(FolderOf(words[0]), "d"), () => Kernel.Put(Kernel.Open("d/" + NameOf(words[0]), Kernel.WriteOnly), Change)),
        ["write-upwards"] = words => First(Go(words[0]), () => Kernel.Put(Kernel.Open("../" + words[1], Kernel.WriteOnly), Change)),
        ["write-by-cwd"] = words => First(Go(FolderOf(words[0])), () => Kernel.Put(Kernel.Open("/proc/self/cwd/" + NameOf(words[0]), Kernel.WriteOnly), Change)),
        ["write-in-depth"] = WriteInDepth,
        ["reopen"] = words => Opened(words[0], Kernel.ReadOnly, file => Kernel.Put(Kernel.Open(Fd("/proc/self/fd", file), Kernel.WriteOnly), Change)),
        ["reopen-path"] = words => Opened(words[0], Kernel.PathOnly, file => Kernel.Put(Kernel.Open(Fd("/dev/fd", file), Kernel.WriteOnly), Change)),
        ["reopen-thread"] = words => Opened(words[0], Kernel.PathOnly, file => Kernel.Put(Kernel.Open(Fd("/proc/thread-self/fd", file), Kernel.WriteOnly), Change)),
        ["truncate"] = words => Kernel.Do(Call.Truncate, Kernel.Text(words[0]), 0),
        ["open-truncate"] = words => Kernel.Open(words[0], Kernel.ReadOnly | Kernel.Truncate),
        ["unnamed"] = words => Opened(words[0], Kernel.Unnamed | Kernel.WriteOnly, file => Kernel.Do(Call.LinkAt, Kernel.Here, Kernel.Text(Fd("/proc/self/fd", file)), Kernel.Here, Kernel.Text(words[0] + "/new"), FollowLink)),
        ["make-folder"] = words => Kernel.Do(Call.MakeFolderAt, Kernel.Here, Kernel.Text(words[0]), 0x1C0),
        ["make-link"] = words => Link("/", words[0]),
        ["make-pipe"] = words => Kernel.Do(Call.MakeNodeAt, Kernel.Here, Kernel.Text(words[0]), 0x1180),
        ["link-in"] = words => First(Join(words[0], "own"), () => Kernel.Put(Kernel.Open("own", Kernel.WriteOnly), Change)),
        ["link-out"] = words => First(Kernel.Open("own", Kernel.WriteOnly | Kernel.Create), () => Join("own", words[0])),
        ["rename"] = words => Rename(words[0], words[1], 0),
        ["rename-out"] = words => First(Kernel.Open("own", Kernel.WriteOnly | Kernel.Create), () => Rename("own", words[0], 0)),
        ["exchange"] = words => Rename(words[0], words[1], 2),
        ["unlink"] = words => Kernel.Do(Call.UnlinkAt, Kernel.Here, Kernel.Text(words[0]), 0),
        ["remove-folder"] = words => Kernel.Do(Call.UnlinkAt, Kernel.Here, Kernel.Text(words[0]), RemoveFolder),
        ["chmod"] = words => Kernel.Do(Call.ChangeModeAt, Kernel.Here, Kernel.Text(words[0]), 0x1FF),
        ["chmod-open"] = words => Opened(words[0], Kernel.ReadOnly, file => Kernel.Do(Call.ChangeModeOfFile, file, 0x1FF)),
        ["chmod-path"] = words => Opened(words[0], Kernel.PathOnly, file => Kernel.Do(Call.ChangeModeAt, Kernel.Here, Kernel.Text(Fd("/proc/self/fd", file)), 0x1FF)),
        ["chown"] = words => Kernel.Do(Call.ChangeOwnerAt, Kernel.Here, Kernel.Text(words[0]), -1, long.Parse(words[1], CultureInfo.InvariantCulture)),
        ["times"] = words => Kernel.Do(Call.SetTimesAt, Kernel.Here, Kernel.Text(words[0]), Times()),
        ["times-open"] = words => Opened(words[0], Kernel.ReadOnly, file => Kernel.Do(Call.SetTimesAt, file, 0, Times())),
        ["attribute"] = words => Kernel.Do(Call.SetAttribute, Kernel.Text(words[0]), Kernel.Text("user.x"), Kernel.Text("1"), 1),
        ["attribute-open"] = words => Opened(words[0], Kernel.ReadOnly, file => Kernel.Do(Call.SetAttributeOfFile, file, Kernel.Text("user.x"), Kernel.Text("1"), 1)),
        ["flags-open"] = words => Opened(words[0], Kernel.ReadOnly, file => Kernel.Do(Call.Control, file, 0x40086602, Kernel.Bytes([0x40, 0, 8, 0]))), // FS_IOC_SETFLAGS: no dump, extents
        ["write-held"] = words => Kernel.Put(long.Parse(words[0], CultureInfo.InvariantCulture), Change),
        ["write-below-held"] = words => Kernel.Put(Kernel.Do(Call.OpenAt, long.Parse(words[0], CultureInfo.InvariantCulture), Kernel.Text(words[1]), Kernel.WriteOnly), Change),
    };

    /// <summary>Opens a path and goes on with the descriptor.</summary>
    internal static long Opened(string path, int flags, Func<long, long> then) => Kernel.Open(path, flags) is var file && file < 0 ? file : then(file);

    /// <summary>Goes on only where the first step was done.</summary>
    internal static long First(long result, Func<long> then) => result < 0 ? result : then();

    /// <summary>Makes a symbolic link.</summary>
    internal static long Link(string to, string place) => Kernel.Do(Call.SymlinkAt, Kernel.Text(to), Kernel.Here, Kernel.Text(place));

    private static long Join(string from, string to) => Kernel.Do(Call.LinkAt, Kernel.Here, Kernel.Text(from), Kernel.Here, Kernel.Text(to), 0);

    private static long Rename(string from, string to, int flags) => Kernel.Do(Call.RenameAt2, Kernel.Here, Kernel.Text(from), Kernel.Here, Kernel.Text(to), flags);

    private static long Go(string folder) => Kernel.Do(Call.ChangeFolder, Kernel.Text(folder));

    // Step by step: the whole path is longer than the kernel takes or tells.
    private static long WriteInDepth(string[] words)
    {
        var result = Go(words[0]);
        for (var left = int.Parse(words[2], CultureInfo.InvariantCulture); left > 0 && result >= 0; left--)
        {
            result = Go(words[1]);
        }

        return First(result, () => Kernel.Put(Kernel.Open("file", Kernel.WriteOnly), Change));
    }

    private static nint Times()
    {
        var times = (long*)Kernel.Bytes(new byte[32]);
        (times[0], times[2]) = (1, 1);
        return (nint)times;
    }

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Fd(string folder, long file) => string.Create(CultureInfo.InvariantCulture, $"{folder}/{file}");
}
