using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Storage;

namespace CtoHarness.Runtime.Withholding;

/// <summary>The secret of one run, which stays with whoever made the run: a plain digest of a weak value could be guessed by everybody.</summary>
internal sealed class RunSecret
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The key is these digits themselves, so that openssl can be given what stands in the file.
    private readonly string _digits = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private RunSecret()
    {
    }

    internal static RunSecret New() => new();

    /// <summary>What a bundle says of the values.</summary>
    internal static ImmutableArray<WithheldRecord> Records(SortedValues values, RunSecret? secret) =>
    [
        .. values.Values.Select(value => new WithheldRecord(value.Name, secret!.Hmac(value.Bytes.Span), null))
            .Concat(values.Exempt)
            .OrderBy(record => record.Name, StringComparer.Ordinal),
    ];

    /// <summary>Keeps the secret in the state folder, which no sandbox sees, for its owner alone.</summary>
    internal void Keep(StateFolders folders, RunId run)
    {
        Directory.CreateDirectory(folders.Secrets, Own | UnixFileMode.UserExecute);
        using var file = new FileStream(
            Path.Combine(folders.Secrets, run.ToString()),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Own, BufferSize = 0 });
        file.Write(Encoding.ASCII.GetBytes(_digits + "\n"));
    }

    private string Hmac(ReadOnlySpan<byte> value) =>
        "hmac-sha256:" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(_digits), value));
}
