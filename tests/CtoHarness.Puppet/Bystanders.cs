using System.Globalization;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>No attacks: those who stand outside and are aimed at.</summary>
internal static unsafe class Bystanders
{
    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["victim"] = Victim,
        ["with-key"] = words => WithKey(words[0], words[1..]),
    };

    // Holds a secret in its memory, its environment and a descriptor; tells where, and on each line that it reads what became of all that can be changed.
    private static long Victim(string[] words)
    {
        const int Make = 0x380; // IPC_CREAT, for its user alone
        var key = int.Parse(words[1], CultureInfo.InvariantCulture);
        var secret = Kernel.Text(words[0]);
        var (first, second) = (Kernel.Text("as it was"), Kernel.Text("as it was"));
        var memory = Kernel.Do(Call.SharedGet, key, 4096, Make);
        var shared = (nint)Kernel.Do(Call.SharedAttach, memory, 0, 0);
        "as it was\0"u8.CopyTo(new Span<byte>((void*)shared, 10));
        _ = Kernel.Put(1, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {secret} {first} {second} {Kernel.Open(words[2], Kernel.ReadOnly)}\n"));
        while (Kernel.Take(0, out _) > 0)
        {
            _ = Kernel.Put(1, $"{Told(first)}|{Told(second)}|{Told(shared)}\n");
        }

        return Kernel.Do(Call.SharedControl, memory, 0, 0);
    }

    private static string Told(nint text) => Encoding.UTF8.GetString(new Span<byte>((void*)text, 9)).TrimEnd('\0');

    // A session's keyring with a secret in it, as whoever starts the harness may have one.
    private static long WithKey(string secret, string[] program)
    {
        const int JoinSession = 1;
        const int SessionKeys = -3;
        var session = Kernel.Do(Call.KeyControl, JoinSession, Kernel.Text("cto-session"));
        var bytes = Encoding.UTF8.GetBytes(secret);
        var key = session < 0 ? session : Kernel.Do(Call.AddKey, Kernel.Text("user"), Kernel.Text("cto-secret"), Kernel.Bytes(bytes), bytes.Length, SessionKeys);
        return key < 0 ? key : Kernel.Become(program);
    }
}
