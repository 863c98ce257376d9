using System.Globalization;
using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Reads a provider's key, which the harness alone holds. What is said of it never holds any of it.</summary>
internal static class ProviderKey
{
    /// <summary>The fewest characters of a key; a shorter one stands everywhere, so that it could not be kept out of a bundle.</summary>
    internal const int Shortest = 8;

    /// <summary>The most characters of a key.</summary>
    internal const int Longest = 8192;

    private const int MostBytes = 64 << 10;
    private const uint NobodyElseReads = 0x24; // 044
    private const uint NobodyElseWrites = 0x12; // 022

    /// <summary>Reads the key.</summary>
    /// <param name="provider">The provider, which says where its key is.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <returns>The key; null where the provider has none.</returns>
    /// <exception cref="IOException">It is not there, or cannot be used.</exception>
    internal static string? Read(Provider provider, IReadOnlyDictionary<string, string> environment) =>
        TryRead(provider, environment, out var key) is { } problem ? throw new IOException(problem) : key;

    /// <summary>Reads the key.</summary>
    /// <param name="provider">The provider, which says where its key is.</param>
    /// <param name="environment">The variables of the person who asks.</param>
    /// <param name="key">The key; null where the provider has none, or there is a problem.</param>
    /// <returns>Why it cannot be used, with what to do; null where it can.</returns>
    internal static string? TryRead(Provider provider, IReadOnlyDictionary<string, string> environment, out string? key)
    {
        key = null;
        if (provider.KeyVariable.Length > 0)
        {
            var name = $"the variable {PlainText.Visible(provider.KeyVariable, 200)}";
            return environment.TryGetValue(provider.KeyVariable, out var value)
                ? Check(provider, name, value, out key)
                : $"{name} is not set, which should hold the key of the provider {PlainText.Quote(provider.Name)}; set it, or name another with key_env or key_file in models.yaml";
        }

        return provider.KeyFile.Length == 0 ? null : ReadFile(provider, out key);
    }

    private static string? ReadFile(Provider provider, out string? key)
    {
        key = null;
        var name = $"the file {PlainText.Quote(provider.KeyFile)}";
        try
        {
            using var handle = FileSystemCalls.OpenRegular(provider.KeyFile, followLink: true);
            var mode = FileSystemCalls.Facts(handle).Mode;
            if ((mode & (NobodyElseReads | NobodyElseWrites)) != 0)
            {
                return $"others may read or change {name}, which holds the key of the provider {PlainText.Quote(provider.Name)}; type: chmod 600 {PlainText.Quote(provider.KeyFile)}, and exchange the key if somebody may have read it";
            }

            using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            if (file.Length > MostBytes)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{name} has {file.Length} bytes, more than any key; put the key alone there");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return Check(provider, name, Encoding.UTF8.GetString(bytes), out key);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or MachineException)
        {
            return $"the key of the provider {PlainText.Quote(provider.Name)} cannot be read: {PlainText.Visible(closed.Message, 300)}; put it into {name} with mode 0600, or name another with key_file in models.yaml";
        }
    }

    private static string? Check(Provider provider, string place, string value, out string? key)
    {
        var text = value.Trim();
        var problem = text.Length == 0 ? "is empty"
            : text.Length < Shortest ? $"has fewer than {Shortest} characters"
            : text.Length > Longest ? $"has more than {Longest} characters"
            : !text.All(letter => letter is > ' ' and <= '~') ? "has characters that cannot stand in a header"
            : null;
        key = problem is null ? text : null;
        return problem is null ? null : $"{place} {problem}, and should hold the key of the provider {PlainText.Quote(provider.Name)}; put the key alone there";
    }
}
