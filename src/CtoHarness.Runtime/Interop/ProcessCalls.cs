using System.Runtime.InteropServices;

namespace CtoHarness.Runtime.Interop;

/// <summary>Calls on processes.</summary>
internal static partial class ProcessCalls
{
    internal const int Terminate = 15;
    internal const int Kill = 9;
    private const uint CloseOnExec = 4;

    /// <summary>Whether this process is root.</summary>
    internal static bool IsRoot => EffectiveUser() == 0;

    /// <summary>The user id that this process acts under.</summary>
    internal static uint User => EffectiveUser();

    /// <summary>Sends a signal to a process, or to a group where the number is negative. One that is gone is no fault.</summary>
    internal static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>Keeps every descriptor above standard error from the programs that this process starts, also those that it was started with.</summary>
    internal static void KeepDescriptors() => _ = CloseRange(3, uint.MaxValue, CloseOnExec);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "close_range", SetLastError = true)]
    private static partial int CloseRange(uint first, uint last, uint flags);
}
