using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Observation;

namespace CtoHarness.Core.Sandboxing;

/// <summary>Where the programs are that build a sandbox.</summary>
/// <param name="Bubblewrap">bubblewrap, which makes the namespaces.</param>
/// <param name="Setpriv">util-linux's setpriv, which takes on the user id.</param>
/// <param name="Prlimit">util-linux's prlimit, which sets the limits from outside.</param>
/// <param name="Env">coreutils' env, which gives signals back their default: ignored ones would be passed on.</param>
public sealed record SandboxTools(string Bubblewrap, string Setpriv, string Prlimit, string Env);

/// <summary>Turns a policy into the command line that builds the sandbox: a pure, ordered list.</summary>
public static class BubblewrapArguments
{
    // Memory of the machine, which no other limit counts.
    private const long SharedMemoryBytes = 256 << 20;

    /// <summary>Writes the command line.</summary>
    /// <param name="tools">The programs to use.</param>
    /// <param name="policy">What the sandbox may see and change.</param>
    /// <param name="command">What runs inside.</param>
    /// <param name="statusDescriptor">The descriptor to which bubblewrap writes its own status.</param>
    /// <param name="channel">The descriptor over which sandbox-init speaks; -1 where there is none.</param>
    /// <returns>Program and arguments.</returns>
    public static ImmutableArray<string> For(SandboxTools tools, SandboxPolicy policy, EngineCommand command, int statusDescriptor, int channel = -1)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(command);
        var list = new List<string>();
        if (policy.UserId is { } uid)
        {
            list.AddRange([tools.Setpriv, $"--reuid={Text(uid)}", $"--regid={Text(uid)}", "--clear-groups", "--"]);
        }

        list.AddRange([
            tools.Prlimit, $"--fsize={Text(policy.Limits.FileBytes)}", $"--nproc={Text(policy.Limits.Processes)}",
            $"--as={Text(policy.Limits.AddressSpaceBytes)}", "--core=0", "--",
            tools.Bubblewrap, "--unshare-user", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            "--json-status-fd", Text(statusDescriptor),
            "--ro-bind", "/", "/",
            "--dev", "/dev", "--size", Text(SharedMemoryBytes), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
            "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys",
        ]);
        AddFiles(list, policy);
        list.AddRange(["--chdir", policy.WorkingFolder, "--clearenv"]);
        foreach (var (name, value) in policy.Environment.SetItems(command.Environment))
        {
            list.AddRange(["--setenv", name, value]);
        }

        if (policy.Confinement is { } confinement)
        {
            // It gives signals back their default itself, and takes its own variables away again. The last one: its runtime would
            // otherwise keep code in a file of memory, which the limit of a file's size counts.
            list.AddRange(["--setenv", "DOTNET_ROOT", RuntimePlace, "--setenv", "DOTNET_EnableDiagnostics", "0", "--setenv", "DOTNET_EnableWriteXorExecute", "0"]);
            list.AddRange(["--", InitPath + "/sandbox-init", .. confinement.Arguments(channel), command.Program, .. command.Arguments]);
            return [.. list];
        }

        // Inside: bubblewrap itself goes on ignoring what the harness was told to ignore.
        list.AddRange(["--", tools.Env, "--default-signal", command.Program, .. command.Arguments]);
        return [.. list];
    }

    // In a folder that is hidden from every sandbox, so that they can be put there.
    private const string InitPath = "/run/cto-harness/init";
    private const string RuntimePlace = "/run/cto-harness/dotnet";

    // Parents before children, so that each mount lands on what the one around it left there.
    private static void AddFiles(List<string> list, SandboxPolicy policy)
    {
        var mounts = policy.MaskedFolders.Distinct().Select(place => new Mount(place, MountKind.Folder, place))
            .Concat(policy.MaskedFiles.Distinct().Select(place => new Mount(place, MountKind.File, "/dev/null")))
            .Concat(policy.Init is { } init ? [new Mount(InitPath, MountKind.ReadOnly, init.Folder), new Mount(RuntimePlace, MountKind.ReadOnly, init.Runtime)] : Array.Empty<Mount>())
            .Concat(policy.Binds.Select(bind => new Mount(bind.Place, bind.Writable ? MountKind.Writable : MountKind.ReadOnly, bind.Source)))
            .OrderBy(mount => mount.Place, StringComparer.Ordinal)
            .ToList();
        var kept = new List<Mount>();
        foreach (var mount in mounts)
        {
            var around = kept.LastOrDefault(outer => outer.Place != mount.Place && PathPlaces.IsAt(mount.Place, outer.Place));
            var masked = mount.Kind is MountKind.Folder or MountKind.File && around?.Kind == MountKind.Folder;
            if (!masked)
            {
                kept.Add(mount);
                list.AddRange(Option(mount));
            }
        }

        // Last, because the places of the binds are made in the masks. A bind at the very place of a mask has taken its place.
        foreach (var mask in kept.Where(mount => mount.Kind == MountKind.Folder && !kept.Any(bind => bind != mount && bind.Place == mount.Place)))
        {
            list.AddRange(["--remount-ro", mask.Place]);
        }
    }

    private static string[] Option(Mount mount) => mount.Kind switch
    {
        MountKind.Folder => ["--tmpfs", mount.Place],
        MountKind.Writable => ["--bind", mount.Source, mount.Place],
        _ => ["--ro-bind", mount.Source, mount.Place],
    };

    private sealed record Mount(string Place, MountKind Kind, string Source);

    private enum MountKind
    {
        Folder,
        File,
        ReadOnly,
        Writable,
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
