using System.Globalization;

namespace CtoHarness.Puppet;

/// <summary>Makes one attack and says in one line what the kernel answered. Whether it succeeded is seen from outside.</summary>
internal static class Program
{
    private static readonly Dictionary<string, Func<string[], long>> Verbs =
        new IEnumerable<KeyValuePair<string, Func<string[], long>>>[] { Writes.Verbs, Reads.Verbs, Network.Verbs, Processes.Verbs, Resources.Verbs, Harness.Verbs, Bystanders.Verbs }
            .SelectMany(verbs => verbs).ToDictionary(StringComparer.Ordinal);

    private static int Main(string[] words)
    {
        if (words.Length == 0 || !Verbs.TryGetValue(words[0], out var verb))
        {
            _ = Kernel.Put(2, "puppet VERB ARGUMENTS\n");
            return 2;
        }

        var result = verb(words[1..]);
        _ = Kernel.Put(1, result switch
        {
            NoEffect => "no-effect\n",
            < 0 => string.Create(CultureInfo.InvariantCulture, $"refused {-result}\n"),
            _ => "done\n",
        });
        return result < 0 ? 1 : 0;
    }

    /// <summary>The call returned, but nothing comes of it.</summary>
    internal const long NoEffect = -100_000;
}
