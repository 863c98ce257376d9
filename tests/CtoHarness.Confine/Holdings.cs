using System.Collections.Immutable;
using System.Globalization;

namespace CtoHarness.Confine;

/// <summary>What this process holds of the machine at one moment.</summary>
/// <param name="Descriptors">Open descriptors, but for those of loaded assemblies.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Children">Processes that it started and that are still there.</param>
/// <param name="Entries">Files and folders below the sandbox's root.</param>
/// <param name="Open">What the descriptors lead to.</param>
internal sealed record Holdings(int Descriptors, int Threads, int Children, int Entries, ImmutableArray<string> Open)
{
    /// <summary>Counts.</summary>
    internal static Holdings Of(string root)
    {
        // What only waits for its collection is not held.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Thread.Sleep(200);
        var threads = Directory.GetDirectories("/proc/self/task");

        // The runtime keeps open what it has loaded, whenever it loads it.
        var open = Directory.GetFiles("/proc/self/fd").Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).LinkTarget}").Where(file => !file.EndsWith(".dll", StringComparison.Ordinal)).ToImmutableArray();
        return new Holdings(
            open.Length,
            threads.Length,
            threads.Sum(thread => File.ReadAllText(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length),
            Directory.GetFileSystemEntries(root, "*", SearchOption.AllDirectories).Length,
            open);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Descriptors} descriptors, {Threads} threads, {Children} children, {Entries} entries: {string.Join("; ", Open)}");
}
