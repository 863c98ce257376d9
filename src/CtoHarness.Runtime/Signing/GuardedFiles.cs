using System.Globalization;
using System.Text;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Signing;

/// <summary>Files and folders that only their owner may change, looked at before anything in them is believed.</summary>
internal static class GuardedFiles
{
    /// <summary>Permission bits that nobody but the owner may have on a private key.</summary>
    internal const uint NobodyElse = 0x3F; // 077

    /// <summary>Permission bits with which others could change something.</summary>
    internal const uint NobodyElseWrites = 0x12; // 022

    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
    private const int MostBytes = 64 << 10;

    /// <summary>Says what is wrong with a folder; null where nothing is.</summary>
    /// <param name="path">The folder; one that is not there holds nothing wrong.</param>
    internal static Problem? ProblemOf(string path)
    {
        try
        {
            using var folder = FileSystemCalls.OpenFolder(path);
            return ProblemOf(path, folder, NobodyElseWrites, $"name a folder of your own with --keys-dir; if this is one, type: chmod 700 '{path}', and look at every key in it");
        }
        catch (MachineException closed) when (closed.IsNotThere)
        {
            return null;
        }
        catch (MachineException closed)
        {
            return new Problem(path, $"no folder of keys is here: {closed.Message}", "put a folder of your own there, or name another with --keys-dir");
        }
    }

    /// <summary>Reads a file that only its owner may change.</summary>
    /// <param name="path">The file.</param>
    /// <param name="forbidden">Permission bits that it must not have.</param>
    /// <param name="problem">Why nothing was read, and null where something was.</param>
    /// <returns>Its text; null where it is not to be believed.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static string? Read(string path, uint forbidden, out Problem? problem)
    {
        if (File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
        {
            problem = new Problem(path, "this is a link, and whoever can change where it leads could exchange the key", "put the key itself there, as a file of its own");
            return null;
        }

        using var file = FileSystemCalls.OpenRegular(path, followLink: false);
        problem = ProblemOf(path, file, forbidden, $"type: chmod 600 '{path}'; if somebody may have done so, retire the key then with 'cto-harness keys retire'");
        if (problem is not null)
        {
            return null;
        }

        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        if (stream.Length > MostBytes)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{path} has {stream.Length} bytes, more than any key"));
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Makes a folder for its owner alone, where there is none.</summary>
    internal static void MakeFolder(string path) => Directory.CreateDirectory(path, OwnFolder);

    /// <summary>Writes a file for its owner alone, whole or not at all, and never over another.</summary>
    /// <param name="path">The file, in a folder that is there.</param>
    /// <param name="text">What it holds.</param>
    /// <returns>False where something stands there, which is left as it is.</returns>
    internal static bool TryWrite(string path, string text)
    {
        var folder = Path.GetDirectoryName(path)!;
        var making = Path.Combine(folder, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
        try
        {
            using (var file = new FileStream(making, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnFile }))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            var won = LinkCalls.TryLink(making, path);
            Sync(folder);
            return won;
        }
        finally
        {
            File.Delete(making);
        }
    }

    /// <summary>Moves a file to where nothing stands yet, or the same already.</summary>
    internal static void Move(string from, string to)
    {
        if (!LinkCalls.TryLink(from, to) && !RegularFile.Read(from, MostBytes, followLink: false).AsSpan().SequenceEqual(RegularFile.Read(to, MostBytes, followLink: false)))
        {
            throw new IOException($"{to} is there already");
        }

        Sync(Path.GetDirectoryName(to)!);
        File.Delete(from);
        Sync(Path.GetDirectoryName(from)!);
    }

    private static void Sync(string path)
    {
        using var folder = FileSystemCalls.OpenFolder(path);
        FileSystemCalls.Sync(folder, path);
    }

    private static Problem? ProblemOf(string path, SafeFileHandle open, uint forbidden, string remedy)
    {
        var facts = FileSystemCalls.Facts(open);
        var mode = Convert.ToString(facts.Mode, 8).PadLeft(4, '0');
        return facts.User != ProcessCalls.User
            ? new Problem(path, string.Create(CultureInfo.InvariantCulture, $"this belongs to the user {facts.User}, and you are {ProcessCalls.User}"), "use keys of your own, or name another folder with --keys-dir")
            : (facts.Mode & forbidden) == 0 ? null
            : new Problem(path, $"others may {(forbidden == NobodyElse ? "read or change" : "change")} this: its mode is {mode}", remedy);
    }
}
