using System.Globalization;

namespace CtoHarness.Puppet;

/// <summary>Attacks that use the machine up.</summary>
internal static unsafe class Resources
{
    private const int Pages = 4096;
    private const int Block = 1 << 20;

    internal static Dictionary<string, Func<string[], long>> Verbs { get; } = new(StringComparer.Ordinal)
    {
        ["sparse"] = words => Kernel.Do(Call.FileTruncate, Kernel.Open(words[0], Kernel.WriteOnly | Kernel.Create), Number(words[1])),
        ["fill"] = words => Fill(words[0], (int)Number(words[1])),
        ["many-files"] = words => ManyFiles((int)Number(words[0])),
        ["fill-memory"] = words => FillMemory(words[0], (int)Number(words[1]), words[2]),
        ["address-space"] = words => AddressSpace(Number(words[0]), words[1]),
        ["flood"] = words => Flood((int)Number(words[0])),
    };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // Files of a mebibyte, slowly enough that each is seen.
    private static long Fill(string name, int count)
    {
        var bytes = Kernel.Bytes(new byte[Block]);
        for (var at = 0; at < count; at++)
        {
            var file = Kernel.Open(string.Create(CultureInfo.InvariantCulture, $"{name}{at}"), Kernel.WriteOnly | Kernel.Create);
            var result = file < 0 ? file : Kernel.Do(Call.Write, file, bytes, Block);
            if (result < 0)
            {
                return result;
            }

            _ = Kernel.Do(Call.Close, file);
            Thread.Sleep(25);
        }

        return 0;
    }

    private static long ManyFiles(int count)
    {
        for (var at = 0; at < count; at++)
        {
            var file = Kernel.Open(string.Create(CultureInfo.InvariantCulture, $"f{at}"), Kernel.WriteOnly | Kernel.Create);
            if (file < 0)
            {
                return file;
            }

            _ = Kernel.Do(Call.Close, file);
        }

        Thread.Sleep(1500);
        return 0;
    }

    // In several files, so that no limit of one file is met; they are taken away again.
    private static long FillMemory(string path, int blocks, string rollCall)
    {
        const int BlocksOfFile = 64;
        var bytes = Kernel.Bytes(new byte[Block]);
        var files = new List<long>();
        var result = 0L;
        for (var at = 0; at < blocks && result >= 0; at++)
        {
            if (at % BlocksOfFile == 0)
            {
                files.Add(Kernel.Open(string.Create(CultureInfo.InvariantCulture, $"{path}.{at}"), Kernel.WriteOnly | Kernel.Create));
            }

            result = Kernel.Do(Call.Write, files[^1], bytes, Block);
        }

        _ = Network.RollCall(rollCall);
        files.ForEach(file => Kernel.Do(Call.FileTruncate, file, 0));
        return result;
    }

    private static long AddressSpace(long bytes, string rollCall)
    {
        const int PrivateAnonymousUnreserved = 0x4022;
        var place = Kernel.Do(Call.Map, 0, bytes, 3, PrivateAnonymousUnreserved, -1, 0);
        return place is < 0 and > -Pages ? place : Network.RollCall(rollCall);
    }

    private static long Flood(int blocks)
    {
        var bytes = Kernel.Bytes(new byte[Block]);
        for (var at = 0; at < blocks; at++)
        {
            for (var done = 0L; done < Block;)
            {
                var count = Kernel.Do(Call.Write, 1, bytes, Block - done);
                if (count < 0)
                {
                    return count;
                }

                done += count;
            }
        }

        return 0;
    }
}
