using System.Collections.Immutable;
using System.Text.Json;

namespace CtoHarness.Confine;

/// <summary>Carries out the orders of a file, one after the other, and writes what came of them to another.</summary>
internal static class Program
{
    // So often that all that is made once was made.
    private const int WarmUp = 20;

    internal static JsonSerializerOptions Json { get; } = new() { IncludeFields = false };

    private static int Main(string[] words)
    {
        var orders = JsonSerializer.Deserialize<ImmutableArray<SandboxOrder>>(File.ReadAllText(words[0]), Json);
        var ended = new List<Ended>();
        Holdings? before = null;
        int? survivors = 0;
        foreach (var order in orders)
        {
            for (var time = 1; time <= order.Times; time++)
            {
                var one = ConfinedProgram.Run(order);
                survivors = survivors is null || one.Program.Survivors is null ? null : Math.Max(survivors.Value, one.Program.Survivors.Value);
                before = time == WarmUp ? Holdings.Of(order.Root) : before;
                if (time == order.Times)
                {
                    ended.Add(one);
                }
            }
        }

        File.WriteAllText(words[1], JsonSerializer.Serialize(new Answer([.. ended], survivors, before, before is null ? null : Holdings.Of(orders[0].Root)), Json));
        return 0;
    }
}
