using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What a canary is tempted with: things of this machine that its user could reach, read or make, were it not for the sandbox.</summary>
internal sealed class Bait : IDisposable
{
    private const int LongestSocketName = 107;
    private const int ChanceBytes = 8;
    private const string SocketName = "socket";
    private const string FolderBeginning = ".bait-";
    private readonly List<IDisposable> _sockets = [];
    private readonly List<string> _folders = [];

    private Bait()
    {
    }

    /// <summary>A port of 127.0.0.1 that takes connections.</summary>
    internal int TcpPort { get; private set; }

    /// <summary>The path of a socket that takes connections, in the hidden folder.</summary>
    internal string UnixSocket { get; private set; } = "";

    /// <summary>The name of another one, which is no path.</summary>
    internal string AbstractSocket { get; private init; } = $"cto-harness-bait-{Chance()}";

    /// <summary>A file with a byte in it, in the hidden folder.</summary>
    internal string Masked { get; private set; } = "";

    /// <summary>Paths at which the sandbox's user could make a file, and whether the sandbox shows the folder.</summary>
    internal ImmutableArray<(string Path, bool IsShown)> Outside { get; private set; } = [];

    /// <summary>A process outside the sandbox.</summary>
    internal int Process { get; init; } = Environment.ProcessId;

    /// <summary>The paths outside at which something stands now: whoever made it, it was not the harness.</summary>
    internal ImmutableArray<string> Made => [.. Outside.Select(one => one.Path).Where(Path.Exists)];

    /// <summary>Lays bait.</summary>
    /// <param name="hidden">A folder that the sandbox must not see.</param>
    /// <param name="shown">Folders that it sees, and may only read.</param>
    /// <param name="user">The sandbox's user; null for the ordinary user who asks.</param>
    /// <param name="process">A process outside; null for this one.</param>
    /// <returns>The bait. Nothing of it is left once it is disposed.</returns>
    /// <exception cref="IOException">The machine refused a part of it.</exception>
    internal static Bait Lay(string hidden, IEnumerable<string> shown, long? user, int? process = null)
    {
        var bait = new Bait { Process = process ?? Environment.ProcessId };
        try
        {
            bait.LayAll(hidden, shown, user);
            return bait;
        }
        catch (Exception refused) when (refused is SocketException or MachineException or UnauthorizedAccessException)
        {
            bait.Dispose();
            throw new IOException($"bait for the self-test could not be laid: {PlainText.Visible(refused.Message, 300)}", refused);
        }
        catch
        {
            bait.Dispose();
            throw;
        }
    }

    /// <summary>Whether a socket is the bait of some self-test: it is gone in a moment, and leads nowhere.</summary>
    /// <param name="path">Its path.</param>
    internal static bool IsBait(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) is { } folder && folder.StartsWith(FolderBeginning, StringComparison.Ordinal)
        && folder.Length == FolderBeginning.Length + (2 * ChanceBytes) && folder[FolderBeginning.Length..].All(char.IsAsciiHexDigitLower) && Path.GetFileName(path) == SocketName;

    /// <inheritdoc/>
    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _folders.ForEach(Scratch.RemoveOwn);
    }

    private void LayAll(string hidden, IEnumerable<string> shown, long? user)
    {
        var own = Folder(hidden, user);
        Masked = Path.Combine(own, "secret");
        File.WriteAllText(Masked, "s");
        if (user is { } owner)
        {
            FileSystemCalls.Give(Masked, owner);
        }

        UnixSocket = Path.Combine(own, SocketName);
        ListenAt(own, SocketName);
        File.SetUnixFileMode(UnixSocket, (UnixFileMode)0b110_110_110);
        Outside = [(Path.Combine(own, "made"), false), .. shown.Select(folder => (Path.Combine(Folder(folder, user), "made"), true))];
        Listen(new UnixDomainSocketEndPoint("\0" + AbstractSocket), AddressFamily.Unix);
        TcpPort = ((IPEndPoint)Listen(new IPEndPoint(IPAddress.Loopback, 0), AddressFamily.InterNetwork)).Port;
    }

    private string Folder(string parent, long? user)
    {
        // As the kernel will name it, so that the record of tries can be compared.
        var folder = Path.Combine(FileSystemCalls.RealPath(parent) ?? throw new IOException($"{PlainText.Quote(parent)} does not exist"), FolderBeginning + Chance());
        _folders.Add(folder);
        FileCopier.MakeFolder(folder, user);
        return folder;
    }

    private void ListenAt(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (System.Text.Encoding.UTF8.GetByteCount(path) <= LongestSocketName)
        {
            Listen(new UnixDomainSocketEndPoint(path), AddressFamily.Unix);
            return;
        }

        using var place = FileSystemCalls.OpenFolder(folder);
        Listen(new UnixDomainSocketEndPoint($"/proc/self/fd/{place.DangerousGetHandle()}/{name}"), AddressFamily.Unix);
    }

    // Nobody need accept: the kernel itself takes a connection for a socket that listens.
    private EndPoint Listen(EndPoint place, AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        _sockets.Add(socket);
        socket.Bind(place);
        socket.Listen(16);
        return socket.LocalEndPoint!;
    }

    private static string Chance() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChanceBytes));
}
