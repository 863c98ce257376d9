using System.Globalization;

namespace CtoHarness.SandboxInit;

/// <summary>What the harness asks for, as its arguments say it.</summary>
internal sealed class Orders
{
    private Orders()
    {
    }

    /// <summary>The socket to the harness.</summary>
    internal int Channel { get; private set; } = -1;

    /// <summary>The Landlock version to use at most; 0 for none.</summary>
    internal int Landlock { get; private set; }

    /// <summary>Folders that may be changed.</summary>
    internal List<string> Folders { get; } = [];

    /// <summary>Files that may be written to.</summary>
    internal List<string> Files { get; } = [];

    /// <summary>The seccomp filter; empty for none.</summary>
    internal byte[] Filter { get; private set; } = [];

    /// <summary>Whether the filter hands calls to the harness.</summary>
    internal bool IsObserved { get; private set; }

    /// <summary>The port to listen on for the harness; 0 for none.</summary>
    internal int Port { get; private set; }

    /// <summary>What to try in place of a program; null to become the program.</summary>
    internal string[]? Canary { get; private set; }

    /// <summary>The program and its arguments.</summary>
    internal string[] Program { get; private set; } = [];

    /// <summary>Reads them.</summary>
    /// <returns>Null where they are not what the harness writes.</returns>
    internal static Orders? Read(string[] words)
    {
        var orders = new Orders();
        try
        {
            var at = 0;
            for (; at + 1 < words.Length && words[at] != "--"; at += 2)
            {
                if (!orders.Take(words[at], words[at + 1]))
                {
                    return null;
                }
            }

            if (at >= words.Length - 1 || words[at] != "--" || orders.Channel < 3)
            {
                return null;
            }

            var rest = words[(at + 1)..];
            (orders.Program, orders.Canary) = rest[0] == "--canary" ? (orders.Program, rest[1..]) : (rest, null);
            return orders;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private bool Take(string name, string value)
    {
        switch (name)
        {
            case "--channel":
                Channel = int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            case "--landlock":
                Landlock = int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            case "--folder":
                Folders.Add(value);
                return true;
            case "--file":
                Files.Add(value);
                return true;
            case "--observe" or "--filter":
                Filter = Convert.FromBase64String(value);
                IsObserved = name == "--observe";
                return true;
            case "--listen":
                Port = int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            default:
                return false;
        }
    }
}
