namespace CtoHarness.SandboxInit;

/// <summary>Lays Landlock's rules: what may be changed, and that no signal or abstract socket reaches out.</summary>
internal static unsafe class Landlock
{
    private const int CreateRuleset = 444;
    private const int AddRule = 445;
    private const int RestrictSelf = 446;
    private const int VersionFlag = 1;
    private const int PathBeneath = 1;

    private const ulong WriteFile = 1 << 1;
    private const ulong FirstVersion = WriteFile | 0x1FF0; // remove and make every kind of entry
    private const ulong MakeDevices = (1 << 6) | (1 << 11);
    private const ulong Refer = 1 << 13;
    private const ulong Truncate = 1 << 14;
    private const ulong DeviceControl = 1 << 15;
    private const ulong Scopes = 3; // abstract sockets, signals

    /// <summary>The version that this kernel has; 0 where it has none.</summary>
    internal static int Version()
    {
        var version = (int)Kernel.Call(CreateRuleset, 0, 0, VersionFlag, 0, 0, 0);
        return version > 0 ? version : 0;
    }

    /// <summary>Restricts this thread and all that comes of it.</summary>
    /// <param name="orders">The folders and files that may be changed.</param>
    /// <returns>The version used; 0 for none.</returns>
    internal static int Restrict(Orders orders)
    {
        var version = Math.Min(Version(), orders.Landlock);
        if (version == 0)
        {
            return 0;
        }

        var handled = FirstVersion | (version >= 2 ? Refer : 0) | (version >= 3 ? Truncate : 0) | (version >= 5 ? DeviceControl : 0);
        var attributes = stackalloc ulong[3];
        attributes[0] = handled;
        attributes[1] = 0;
        attributes[2] = version >= 6 ? Scopes : 0;
        var rules = (int)Kernel.Call(CreateRuleset, (nint)attributes, version >= 6 ? 24 : version >= 4 ? 16 : 8, 0, 0, 0, 0);
        if (rules < 0)
        {
            throw new RefusedException("landlock_create_ruleset", Kernel.Error);
        }

        foreach (var folder in orders.Folders)
        {
            Add(rules, folder, handled & ~MakeDevices);
        }

        foreach (var file in orders.Files)
        {
            Add(rules, file, handled & (WriteFile | Truncate | DeviceControl));
        }

        if (Kernel.Call(RestrictSelf, rules, 0, 0, 0, 0, 0) < 0)
        {
            throw new RefusedException("landlock_restrict_self", Kernel.Error);
        }

        _ = Kernel.Close(rules);
        return version;
    }

    private static void Add(int rules, string path, ulong rights)
    {
        var file = Kernel.Open(path, Kernel.PathOnly | Kernel.CloseOnExec);
        if (file < 0)
        {
            // A device that this machine lacks needs no rule.
            if (Kernel.Error == Kernel.NoSuchFile && path.StartsWith("/dev/", StringComparison.Ordinal))
            {
                return;
            }

            throw new RefusedException($"open {path}", Kernel.Error);
        }

        var rule = stackalloc byte[12]; // struct landlock_path_beneath_attr is packed
        *(ulong*)rule = rights;
        *(int*)(rule + 8) = file;
        if (Kernel.Call(AddRule, rules, PathBeneath, (nint)rule, 0, 0, 0) < 0)
        {
            throw new RefusedException($"landlock_add_rule {path}", Kernel.Error);
        }

        _ = Kernel.Close(file);
    }
}
