using System.Collections.Immutable;
using System.Globalization;

namespace CtoHarness.Tests.Linux.Support;

/// <summary>Lets a test run the command as an ordinary user, with a copy of the program that such a user can read.</summary>
public sealed class OrdinaryUser : IDisposable
{
    private const int Id = 1234;
    private static readonly bool AmRoot = Environment.UserName == "root";
    private readonly TempRoot _place = new();

    public OrdinaryUser()
    {
        // Built before it is copied.
        _place.Command("--version").Run().Expect(0);
        Tool.Run("/bin/cp", "-RL", Repository.At("artifacts", "cto-harness", "current"), _place.At("program"));
        Tool.Run("/bin/chmod", "-R", "a+rX", _place.Folder);
    }

    /// <summary>The user's number.</summary>
    internal static string Name => AmRoot ? Id.ToString(CultureInfo.InvariantCulture) : Tool.Run("id", "-u").Trim();

    /// <summary>What stands on a command line to become the user.</summary>
    internal static ImmutableArray<string> Become => AmRoot
        ? ["/usr/bin/setpriv", $"--reuid={Name}", $"--regid={Name}", "--clear-groups", "--"]
        : [];

    /// <summary>The same call, made by the user; the test's folders become the user's own.</summary>
    internal HarnessCommand Of(HarnessCommand command)
    {
        if (AmRoot)
        {
            Tool.Run("/bin/chown", "-R", $"{Name}:{Name}", command.Root.Folder);
        }

        return command with { Program = _place.At("program/cto-harness"), Prefix = [.. Become, .. command.Prefix] };
    }

    public void Dispose() => _place.Dispose();
}
