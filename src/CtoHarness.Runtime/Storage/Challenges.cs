using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Evidence;

namespace CtoHarness.Runtime.Storage;

/// <summary>The nonces that a verifier gave away, each with the time at which it was made: a run that answers one cannot have started before.</summary>
/// <param name="folders">Where they are kept.</param>
public sealed class Challenges(StateFolders folders)
{
    private const int MostBytes = 100;

    private string Folder => Path.Combine(folders.State, "challenges");

    /// <summary>Makes a nonce and remembers it.</summary>
    /// <param name="now">The wall clock.</param>
    /// <returns>64 hexadecimal digits.</returns>
    /// <exception cref="IOException">It cannot be remembered.</exception>
    public string Make(DateTimeOffset now)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(Folder, nonce), Timestamp.Text(now) + "\n");
        return nonce;
    }

    /// <summary>Says when a nonce was made.</summary>
    /// <param name="nonce">64 hexadecimal digits.</param>
    /// <returns>The moment, or null where it was not made here, or nobody remembers it.</returns>
    public DateTimeOffset? MadeAt(string nonce)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        var path = Path.Combine(Folder, nonce);
        return nonce.Length == 64 && nonce.All(char.IsAsciiHexDigitLower) && File.Exists(path)
            ? Timestamp.TryRead(Encoding.ASCII.GetString(RegularFile.Read(path, MostBytes, followLink: false)).TrimEnd('\n'))
            : null;
    }
}
