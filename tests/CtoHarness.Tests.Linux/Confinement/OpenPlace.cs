namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>A folder of the machine that a sandbox shows unless something in it is hidden.</summary>
internal static class OpenPlace
{
    /// <summary>Root tests where the sandbox would show things; an ordinary user has no such place to write to.</summary>
    public static string Folder => Environment.UserName == "root" ? "/var/lib" : "/var/tmp";
}
