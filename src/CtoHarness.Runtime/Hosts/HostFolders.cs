using System.Globalization;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Pipeline;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Hosts;

/// <summary>What a sandbox's user can reach of this machine's folders, and what they hold.</summary>
internal static class HostFolders
{
    /// <summary>Whether the harness was published with sandbox-init.</summary>
    internal static HostRow Published() => InitProgram.IsPublished
        ? new HostRow("sandbox-init-published", true, true, PlainText.Visible(InitProgram.Published, 200), "")
        : new HostRow("sandbox-init-published", false, true, $"{PlainText.Visible(InitProgram.Published, 200)} has no sandbox-init", "build the program with: ./cto-harness --version");

    /// <summary>Whether the user that sandboxes run under exists here.</summary>
    internal static HostRow User(long? user) =>
        user is not { } id ? new HostRow("sandbox-user", true, true, string.Create(CultureInfo.InvariantCulture, $"{ProcessCalls.User}, the ordinary user who asks"), "")
        : SandboxCheck.IsMapped(id, File.ReadLines("/proc/self/uid_map")) ? new HostRow("sandbox-user", true, true, string.Create(CultureInfo.InvariantCulture, $"{id}, while the harness is root"), "")
        : new HostRow("sandbox-user", false, true, string.Create(CultureInfo.InvariantCulture, $"{id} does not exist in this user namespace (/proc/self/uid_map)"), "name another with sandbox.uid in policy.yaml, or run the harness as an ordinary user");

    /// <summary>Whether the sandbox's user can reach the .NET that runs sandbox-init.</summary>
    internal static HostRow Runtime(long? user)
    {
        var runtime = PlainText.Visible(InitProgram.Runtime, 200);
        return user is not null && LaneFolders.FirstClosed(InitProgram.Runtime) is { Length: > 0 } closed
            ? new HostRow("dotnet-root", false, true, $"{runtime}: the sandbox's user {user} cannot pass through {PlainText.Quote(closed)}", "apt-get install dotnet-runtime-10.0, or move .NET to where all users can reach it, such as /usr/share/dotnet")
            : new HostRow("dotnet-root", true, true, runtime, "");
    }

    /// <summary>Whether the state folder can be used, by having made one where it is or would be.</summary>
    /// <param name="around">The folder around it.</param>
    /// <param name="refusal">Why none could be made; empty where it could.</param>
    /// <param name="user">The sandbox's user; null for the ordinary user who asks.</param>
    internal static HostRow State(string around, string refusal, long? user)
    {
        const string remedy = "name another folder with --state-dir";
        var place = PlainText.Visible(around, 200);
        return refusal.Length > 0 ? new HostRow("state-folder", false, true, $"{place}: {PlainText.Visible(refusal, 300)}", remedy)
            : user is not null && LaneFolders.FirstClosed(around) is { Length: > 0 } closed
                ? new HostRow("state-folder", false, true, $"{place}: the sandbox's user {user} cannot pass through {PlainText.Quote(closed)}", remedy)
            : new HostRow("state-folder", true, true, $"a lane was made in {place}", "");
    }

    /// <summary>Whether everything that must be hidden can be hidden.</summary>
    internal static HostRow Hidden(HostView view) => view.Folders.FirstOrDefault(folder => !HostView.CanHide(folder)) is { } needed
        ? new HostRow("hidden-folders", false, true, $"{PlainText.Quote(needed)} must be hidden from backends, but programs need it", "move the harness, its runs or its state elsewhere")
        : new HostRow("hidden-folders", true, true, string.Create(CultureInfo.InvariantCulture, $"{view.Folders.Length} folders and {view.Files.Length} files are hidden from backends"), "");

    /// <summary>Whether a workspace of the largest size fits on the disk.</summary>
    internal static HostRow Disk(string folder, Limits limits)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var enough = free >= limits.WorkspaceBytes;
        return new HostRow(
            "disk-space", enough, true,
            string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MiB are free at {PlainText.Visible(folder, 200)}; the policy allows a workspace of {limits.WorkspaceBytes >> 20} MiB"),
            enough ? "" : "make room, name another folder with --state-dir, or lower limits.workspace_bytes of the policy");
    }

    /// <summary>Whether a group around each sandbox can be made, by making one. Without one, limits hold for each process.</summary>
    internal static HostRow ControlGroups() => ControlGroup.Bounded is { Length: > 0 } bounded
        ? new HostRow("cgroups", true, false, $"a group around each sandbox bounds {bounded}", "")
        : new HostRow(
            "cgroups", false, false, "no group could be made: limits hold for each process (RLIMIT), not for all of a sandbox together",
            ProcessCalls.IsRoot ? "control groups with the controllers pids and memory, mounted writable" : "the harness as root");
}
