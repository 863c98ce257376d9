using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>Where sandbox-init is: beside this program, and where the harness runs as root, copied to where the sandboxes' user can reach it.</summary>
internal static class InitProgram
{
    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const int NameLength = 16;

    private static readonly Lazy<Digest> OfFiles = new(DigestOf);

    /// <summary>The folder in which it was published.</summary>
    internal static string Published { get; } = Path.Combine(AppContext.BaseDirectory, "sandbox-init");

    /// <summary>Whether it was published.</summary>
    internal static bool IsPublished => File.Exists(Path.Combine(Published, "sandbox-init"));

    /// <summary>The .NET root that runs it: the one that runs this program. A release's brings its own, and its folder stands in for one.</summary>
    internal static string Runtime { get; } = HarnessProgram.IsSingleFile ? Published : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>Its files, in order.</summary>
    internal static ImmutableArray<string> Files => IsPublished ? [.. Directory.GetFiles(Published).Order(StringComparer.Ordinal)] : [];

    /// <summary>Where the sandboxes of a run find it.</summary>
    /// <param name="copies">The folder of copies.</param>
    internal static InitPlace Place(string copies) =>
        new(ProcessCalls.IsRoot && IsPublished ? Path.Combine(copies, OfFiles.Value.Hex[..NameLength]) : Published, Runtime);

    /// <summary>Makes the copy, where one is needed and not there.</summary>
    /// <param name="copies">The folder of copies.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Install(string copies)
    {
        if (!ProcessCalls.IsRoot || !IsPublished || IsWhole(Place(copies).Folder))
        {
            return;
        }

        MakeFolder(copies);
        var final = Place(copies).Folder;
        var making = $"{final}.{Path.GetRandomFileName()}";
        using var claim = FolderClaim.Make(making, 0x1C0);
        try
        {
            foreach (var file in Files)
            {
                var copy = Path.Combine(making, Path.GetFileName(file));
                File.Copy(file, copy);
                File.SetUnixFileMode(copy, ForAll);
            }

            File.SetUnixFileMode(making, ForAll);
            Keep(making, final);
        }
        finally
        {
            if (Directory.Exists(making))
            {
                Directory.Delete(making, recursive: true);
            }
        }
    }

    /// <summary>Whether a name in the folder of copies is that of one while it is made.</summary>
    internal static bool IsHalfMade(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) == NameLength && name[..NameLength].All(char.IsAsciiHexDigitLower);

    private static void Keep(string making, string final)
    {
        try
        {
            Directory.Move(making, final);
        }
        catch (IOException) when (IsWhole(final))
        {
            // somebody else was quicker
        }
        catch (IOException) when (Directory.Exists(final))
        {
            throw new IOException($"{final} is not a copy of {Published}; remove it, and run again");
        }
    }

    private static bool IsWhole(string folder) =>
        Directory.Exists(folder)
        && Directory.GetFiles(folder).Length == Files.Length
        && Files.All(file => Path.Combine(folder, Path.GetFileName(file)) is var copy && File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(file)));

    private static void MakeFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, ForAll);
    }

    private static Digest DigestOf()
    {
        var text = new StringBuilder();
        foreach (var file in Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Digest.Of(File.ReadAllBytes(file)).Hex} {Path.GetFileName(file)}\n");
        }

        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
