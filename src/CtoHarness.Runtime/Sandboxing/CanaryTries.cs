using System.Collections.Immutable;
using System.Globalization;
using CtoHarness.Core.Engines;

namespace CtoHarness.Runtime.Sandboxing;

/// <summary>What one canary is to try.</summary>
/// <param name="Outside">Paths that it must not be able to make, and whether the sandbox shows their folders.</param>
/// <param name="Masked">Files that it must not be able to read.</param>
/// <param name="Inside">Folders in which it must be able to make a file.</param>
/// <param name="TcpPort">A port of the machine's 127.0.0.1.</param>
/// <param name="UnixSocket">A socket of the machine.</param>
/// <param name="AbstractSocket">Another one, by its name.</param>
/// <param name="Process">A process of the machine.</param>
/// <param name="GatewayPort">The port whose listener is handed out.</param>
/// <param name="Token">What an echo on that port sends back.</param>
/// <param name="User">The user that it must be.</param>
internal sealed record CanaryTries(
    ImmutableArray<(string Path, bool IsShown)> Outside, ImmutableArray<string> Masked, ImmutableArray<string> Inside,
    int TcpPort, string UnixSocket, string AbstractSocket, int Process, int GatewayPort, string Token, long User)
{
    /// <summary>The canary as sandbox-init is told of it, in place of a program.</summary>
    internal EngineCommand Command => new(
        "--canary",
        [
            .. Outside.SelectMany(one => new[] { "outside", one.Path }),
            .. Masked.SelectMany(path => new[] { "masked", path }),
            .. Inside.SelectMany(path => new[] { "inside", path }),
            "tcp", Text(TcpPort), "unix", UnixSocket, "abstract", AbstractSocket, "process", Text(Process), "gateway", Text(GatewayPort), "token", Token,
        ],
        ImmutableSortedDictionary<string, string>.Empty);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
