using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Engines;

/// <summary>One digest for all that a program is made of: what admissions hang on.</summary>
internal static class ProgramDigest
{
    private const long GiB = 1L << 30;
    private static readonly TreeBounds Bounds = new(Entries: 500_000, Bytes: 8 * GiB, FileBytes: 2 * GiB, Depth: 128);

    /// <summary>Digests a program that was found.</summary>
    /// <returns>The digest; or null, and why there is none.</returns>
    /// <exception cref="IOException">Something of it cannot be read.</exception>
    internal static (Digest? Digest, string Refusal) Of(EngineProgram program, CancellationToken interrupt)
    {
        if (program.Interpreter.Length == 0)
        {
            return (OfFile(program.Path), "");
        }

        if (program.Package.Length == 0)
        {
            return (Digest.Of(Encoding.UTF8.GetBytes($"cto-harness/engine-script/v1\nscript {OfFile(program.Path)}\ninterpreter {OfFile(program.Interpreter)}\n")), "");
        }

        var (tree, refusal) = TreeReader.Read(program.Package, Bounds, leaveGit: false, interrupt);
        if (tree is null)
        {
            return (null, $"{program.Package} cannot be digested: {refusal}");
        }

        if (tree.Entries.FirstOrDefault(entry => entry.Kind == EntryKind.Special) is { } odd)
        {
            return (null, $"{program.Package} cannot be digested, because of {odd.Path} in it ({odd.Note}); install the package anew");
        }

        if (LeadsOut(tree, program.Package) is { } link)
        {
            return (null, $"{program.Package} cannot be digested, because {link} in it leads out of it; install the package anew, with copies in place of links");
        }

        var script = RelativePath.TryParse(program.Path[(program.Package.Length + 1)..], out var path) ? path.ToString() : throw new IOException($"{program.Path} is no path below {program.Package}");
        return (Digest.Of(Encoding.UTF8.GetBytes($"cto-harness/engine-package/v1\ntree {tree.Digest()}\nscript {script}\ninterpreter {OfFile(program.Interpreter)}\n")), "");
    }

    // Of a link, only its text is digested.
    private static RelativePath? LeadsOut(Tree tree, string package)
    {
        foreach (var entry in tree.Entries.Where(entry => entry.Kind == EntryKind.Link))
        {
            if (FileSystemCalls.RealPath($"{package}/{Encoding.UTF8.GetString(entry.Path.Bytes)}") is { } real && !PathPlaces.IsAt(real, package))
            {
                return entry.Path;
            }
        }

        return null;
    }

    private static Digest OfFile(string path)
    {
        using var handle = FileSystemCalls.OpenRegular(path, followLink: true);
        using var file = new FileStream(handle, FileAccess.Read);
        return Digest.FromHash(SHA256.HashData(file));
    }
}
