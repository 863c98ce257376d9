using System.Globalization;

namespace CtoHarness.SandboxInit;

/// <summary>What a canary is to try.</summary>
/// <param name="Outside">Paths outside every root, that it must not be able to make.</param>
/// <param name="Masked">Files that exist on the machine, that it must not be able to open.</param>
/// <param name="Inside">Folders in which it must be able to make a file.</param>
/// <param name="TcpPort">A port of the machine's 127.0.0.1 on which the harness listens.</param>
/// <param name="UnixSocket">The path of a socket of the harness.</param>
/// <param name="AbstractSocket">The name of another in the abstract namespace.</param>
/// <param name="Process">The harness's process.</param>
/// <param name="GatewayPort">The port whose listener was handed out; 0 for none.</param>
/// <param name="Token">What the other end of the gateway must send back; part of each name that is made.</param>
internal sealed record CanaryPlan(
    string[] Outside, string[] Masked, string[] Inside, int TcpPort, string UnixSocket, string AbstractSocket, int Process, int GatewayPort, string Token)
{
    /// <summary>Reads it from its arguments: name and value by turns.</summary>
    internal static CanaryPlan Read(string[] words)
    {
        string One(string name) => Many(name) is [var first, ..] ? first : throw new RefusedException($"the canary lacks {name}", 0);
        string[] Many(string name) => [.. words.Where((_, at) => at % 2 == 1 && words[at - 1] == name)];
        int Number(string name) => int.TryParse(One(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new RefusedException($"{name} is no number", 0);
        return new CanaryPlan(
            Many("outside"), Many("masked"), Many("inside"), Number("tcp"), One("unix"), One("abstract"), Number("process"), Number("gateway"), One("token"));
    }
}
