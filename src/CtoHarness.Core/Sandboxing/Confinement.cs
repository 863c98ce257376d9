using System.Collections.Immutable;
using System.Globalization;

namespace CtoHarness.Core.Sandboxing;

/// <summary>What sandbox-init lays on a program before it becomes that program.</summary>
/// <param name="LandlockAbi">The Landlock version to use at most; 0 for none.</param>
/// <param name="WritableFolders">Folders that Landlock lets the program change.</param>
/// <param name="WritableFiles">Files, such as devices, that it may write to.</param>
/// <param name="Filter">The seccomp filter; empty for none.</param>
/// <param name="IsObserved">Whether the filter hands calls to a supervisor.</param>
/// <param name="Port">A port of the sandbox's own 127.0.0.1 whose listener is handed out; 0 for none.</param>
public sealed record Confinement(
    int LandlockAbi, ImmutableArray<string> WritableFolders, ImmutableArray<string> WritableFiles,
    ImmutableArray<BpfInstruction> Filter, bool IsObserved, int Port)
{
    /// <summary>The newest Landlock version whose rights are known.</summary>
    public const int NewestLandlock = 7;

    /// <summary>Devices that every program may write to.</summary>
    public static ImmutableArray<string> Devices { get; } = ["/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx"];

    /// <summary>Writes sandbox-init's own arguments, up to the program's.</summary>
    /// <param name="channel">The descriptor of the socket to the harness.</param>
    /// <returns>The arguments in order.</returns>
    public ImmutableArray<string> Arguments(int channel)
    {
        var list = new List<string> { "--channel", Text(channel), "--landlock", Text(LandlockAbi) };
        list.AddRange(WritableFolders.SelectMany(folder => new[] { "--folder", folder }));
        list.AddRange(WritableFiles.SelectMany(file => new[] { "--file", file }));
        if (!Filter.IsEmpty)
        {
            list.AddRange([IsObserved ? "--observe" : "--filter", Convert.ToBase64String(BpfInstruction.Encode(Filter))]);
        }

        if (Port > 0)
        {
            list.AddRange(["--listen", Text(Port)]);
        }

        list.Add("--");
        return [.. list];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
