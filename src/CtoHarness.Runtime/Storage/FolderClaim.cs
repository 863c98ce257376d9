using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Storage;

/// <summary>Whether a folder that was begun is still worked on.</summary>
internal enum ClaimState
{
    /// <summary>A living process holds it.</summary>
    Held,

    /// <summary>Nobody does: whoever made it has died.</summary>
    Free,

    /// <summary>It is gone.</summary>
    Gone,

    /// <summary>This file system does not tell.</summary>
    Unknown,
}

/// <summary>A folder that is worked on: locked for as long as this lives, on the folder itself, so that a rename takes the lock along.</summary>
/// <remarks>Whoever makes a folder does so, and locks it, while holding a shared lock of the folder around it; whoever asks whether one is
/// still worked on holds that lock alone. So between making and locking nobody looks.</remarks>
internal sealed class FolderClaim : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(300);

    // What lies in a folder that this process holds is its own business: nobody else looks there, and its own lock must not stop it.
    private static readonly ConcurrentDictionary<(ulong, ulong), FolderClaim> Own = new();

    private readonly SafeFileHandle? _folder;
    private readonly (ulong, ulong) _inode;

    private FolderClaim(SafeFileHandle? folder)
    {
        _folder = folder;
        if (folder is not null)
        {
            var inode = InodeCalls.Of(folder);
            _inode = (inode.Device, inode.Number);
            Own[_inode] = this;
        }
    }

    /// <summary>Makes a folder and claims it.</summary>
    /// <param name="path">The folder; the one around it exists.</param>
    /// <param name="mode">Its permissions.</param>
    /// <returns>The claim, or null where something stands there.</returns>
    internal static FolderClaim? Make(string path, uint mode)
    {
        using var around = Around(path, exclusive: false);
        if (!FileSystemCalls.TryMakeFolder(path, mode))
        {
            return null;
        }

#pragma warning disable CA2000 // the claim closes it, or the end of this method does
        var folder = FileSystemCalls.OpenFolder(path);
#pragma warning restore CA2000
        var answer = Lock(folder, exclusive: true, Patience);
        if (answer == LockAnswer.Held)
        {
            return new FolderClaim(folder);
        }

        folder.Dispose();

        // Where nothing can be locked, nobody can mistake the folder for a dead one either.
        return answer == LockAnswer.Unsupported ? new FolderClaim(null) : throw new IOException($"somebody else holds {path}, which was just made; run again");
    }

    /// <summary>Claims a folder that its maker has left behind.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The claim where it is free; else null and why not.</returns>
    internal static (FolderClaim? Claim, ClaimState State) TryTake(string path)
    {
        using var around = Around(path, exclusive: true);
        return TryTakeAmongOthers(path);
    }

    /// <summary>The same in a folder that all users of the machine share, whose lock anybody could hold for ever: there, one may look between making and locking.</summary>
    internal static (FolderClaim? Claim, ClaimState State) TryTakeAmongOthers(string path)
    {
#pragma warning disable CA2000 // the claim closes it, or the end of this method does
        if (Open(path) is not { } folder)
#pragma warning restore CA2000
        {
            return (null, Path.Exists(path) ? ClaimState.Unknown : ClaimState.Gone);
        }

        var answer = Lock(folder, exclusive: true, Glance);

        // Its maker may have given it another name meanwhile.
        var same = InodeCalls.Of(path) is { } now && now.IsSame(InodeCalls.Of(folder));
        if (answer == LockAnswer.Held && same)
        {
            return (new FolderClaim(folder), ClaimState.Free);
        }

        folder.Dispose();
        return (null, !same ? ClaimState.Gone : answer == LockAnswer.Taken ? ClaimState.Held : ClaimState.Unknown);
    }

    /// <summary>Looks whether a folder is still worked on.</summary>
    internal static ClaimState StateOf(string path)
    {
        var (claim, state) = TryTake(path);
        claim?.Dispose();
        return state;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is { IsClosed: false })
        {
            Own.TryRemove(_inode, out _);
            _folder.Dispose();
        }
    }

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return FileSystemCalls.OpenFolder(path);
        }
        catch (MachineException gone) when (gone.IsNoFolder)
        {
            return null;
        }
    }

    private static SafeFileHandle Around(string path, bool exclusive)
    {
        var parent = Path.GetDirectoryName(path)!;
        var folder = FileSystemCalls.OpenFolder(FileSystemCalls.RealPath(parent) ?? parent);
        var inode = InodeCalls.Of(folder);
        if (Own.ContainsKey((inode.Device, inode.Number)) || Lock(folder, exclusive, Patience) != LockAnswer.Taken)
        {
            return folder;
        }

        folder.Dispose();
        throw new IOException(string.Create(
            CultureInfo.InvariantCulture, $"somebody has held a lock of {parent} for {Patience.TotalSeconds} seconds; end that process (lsof {parent} names it), or name another folder"));
    }

    // A lock of this kind is held for a moment, unless its holder works in the folder.
    private static LockAnswer Lock(SafeFileHandle folder, bool exclusive, TimeSpan patience)
    {
        var began = Stopwatch.GetTimestamp();
        LockAnswer answer;
        while ((answer = LockCalls.Try(folder, exclusive)) == LockAnswer.Taken && Stopwatch.GetElapsedTime(began) < patience)
        {
            Thread.Sleep(5);
        }

        return answer;
    }
}
