namespace CtoHarness.Runtime.Storage;

/// <summary>Which start of the kernel this is.</summary>
internal static class Boot
{
    /// <summary>The kernel's boot id: another one after each start of the machine.</summary>
    internal static string Id() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
