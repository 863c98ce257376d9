using System.Buffers;
using System.Text;
using CtoHarness.Core.Withholding;

namespace CtoHarness.Runtime.Withholding;

/// <summary>Searches a whole bundle for withheld values before it gets its final name.</summary>
internal static class LastLook
{
    private const int PieceBytes = 256 << 10;

    /// <summary>Searches every file, and its name.</summary>
    /// <param name="folder">The bundle.</param>
    /// <param name="withheld">What may not be in it.</param>
    /// <exception cref="IOException">A value was found.</exception>
    internal static void Take(string folder, ValueSearch withheld)
    {
        if (withheld.IsEmpty)
        {
            return;
        }

        var piece = new byte[PieceBytes];
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path);
            if (withheld.FirstIn(Encoding.UTF8.GetBytes(name)) is { } named)
            {
                throw Refusal(named, withheld.Redact(name));
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (In(file, withheld, piece) is { } held)
            {
                throw Refusal(held, name);
            }
        }
    }

    /// <summary>The name of a value in a stream, or null.</summary>
    internal static string? In(Stream stream, ValueSearch withheld, byte[] piece)
    {
        var redactor = new Redactor(withheld);
        var nowhere = new ArrayBufferWriter<byte>(PieceBytes);
        int read;
        while (redactor.Found.IsEmpty && (read = stream.Read(piece)) > 0)
        {
            redactor.Take(piece.AsSpan(0, read), nowhere);
            nowhere.ResetWrittenCount();
        }

        redactor.End(nowhere);
        return redactor.Found.FirstOrDefault();
    }

    /// <summary>What is said where a value would reach a bundle. The value itself is never said.</summary>
    internal static IOException Refusal(string variable, string file) => new(
        $"the value of the variable {Core.Problems.PlainText.Visible(variable, 200)} would stand in {file} of the bundle, where nothing may be replaced; find out how it came there, or start the harness without that variable");
}
