using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Trees;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Trees;

/// <summary>A tree to be laid on disk; names and contents have one character for each byte.</summary>
internal sealed record DiskTree(ImmutableSortedDictionary<string, DiskFile> Files)
{
    public static DiskTree Empty { get; } = new(ImmutableSortedDictionary.Create<string, DiskFile>(StringComparer.Ordinal));

    // Names that .NET cannot write, so another program writes them.
    private const string Program = """
        import os, sys
        for top in map(os.fsencode, sys.argv[2:]):
            os.makedirs(top)
            for line in sys.argv[1].split():
                kind, path, content = line.split(":")
                path, content = os.path.join(top, bytes.fromhex(path)), bytes.fromhex(content)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                if kind == "Link":
                    os.symlink(content, path)
                else:
                    with open(path, "xb") as file:
                        file.write(content)
                    os.chmod(path, 0o755 if kind == "Executable" else 0o644)
        """;

    /// <summary>Puts a file somewhere; what stands in the way goes, as a file above it or as files below it.</summary>
    public DiskTree With(string path, DiskFile file) =>
        new(Files.RemoveRange(Files.Keys.Where(key => path.StartsWith(key + "/", StringComparison.Ordinal) || key.StartsWith(path + "/", StringComparison.Ordinal))).SetItem(path, file));

    /// <summary>Takes a file away.</summary>
    public DiskTree Without(string path) => new(Files.Remove(path));

    /// <summary>Makes the folders, each with all of the tree.</summary>
    public void Write(params string[] folders) => Tool.Run("/usr/bin/python3", ["-c", Program, string.Join(' ', Files.Select(one =>
        string.Create(CultureInfo.InvariantCulture, $"{one.Value.Kind}:{Hex(one.Key)}:{Hex(one.Value.Content)}"))), .. folders]);

    /// <summary>Printable whatever is in it, so that a failure can be read.</summary>
    public override string ToString() => string.Join("; ", Files.Select(one =>
        $"{one.Value.Kind} {Uri.EscapeDataString(one.Key)} = {Uri.EscapeDataString(one.Value.Content)}"));

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.Latin1.GetBytes(text));
}

/// <summary>One file of it; the content of a link is its target.</summary>
internal sealed record DiskFile(EntryKind Kind, string Content);
