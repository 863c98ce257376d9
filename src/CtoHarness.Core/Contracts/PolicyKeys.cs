using System.Collections.Immutable;
using System.Globalization;

namespace CtoHarness.Core.Contracts;

/// <summary>A value that a policy may set.</summary>
/// <param name="Name">Its dotted name.</param>
/// <param name="Default">What holds where nobody sets it.</param>
/// <param name="Min">The least number; meaningless for a list.</param>
/// <param name="Max">The greatest number; meaningless for a list.</param>
/// <param name="IsList">Whether it is a list of absolute paths instead of a whole number.</param>
public sealed record PolicyKey(string Name, ImmutableArray<string> Default, long Min, long Max, bool IsList);

/// <summary>Every value that a policy may set; any other name is a problem.</summary>
public static class PolicyKeys
{
    /// <summary>What the names of protected roots begin with.</summary>
    public const string ProtectedPrefix = "protected_roots.";

    /// <summary>The value that names the harness's own checkout.</summary>
    public const string CheckoutName = ProtectedPrefix + "harness_checkout";

    private const long GiB = 1L << 30;
    private const long Day = 86_400;

    /// <summary>All of them.</summary>
    public static ImmutableArray<PolicyKey> All { get; } =
    [
        Number("limits.wall_seconds", 900, 1, Day),
        Number("limits.test_wall_seconds", 60, 1, Day),
        Number("limits.stop_seconds", 2, 0, 60),
        Number("limits.output_bytes", 8 << 20, 1024, 64 * GiB),
        Number("limits.file_bytes", 256 << 20, 1 << 20, 1024 * GiB),
        Number("limits.workspace_bytes", 512 << 20, 1 << 20, 1024 * GiB),
        Number("limits.workspace_entries", 100_000, 1, 100_000_000),
        Number("limits.workspace_depth", 128, 1, 512),
        Number("limits.processes", 4096, 16, 1 << 20),
        Number("limits.address_space_bytes", 16 * GiB, GiB, 1024 * GiB),
        Number("gateway.calls", 200, 1, 10_000),
        Number("gateway.tokens", 20_000_000, 1, 1L << 50),
        Number("gateway.request_bytes", 8 << 20, 1024, 64 << 20),
        Number("gateway.response_bytes", 256 << 20, 1024, 64 * GiB),
        Number("gateway.idle_seconds", 120, 1, Day),
        Number("gateway.traffic_bytes", 32 << 20, 0, 64 * GiB),
        Number("gateway.refused_models", 0, 0, 10_000),
        Number("sandbox.uid", 64_000, 1000, int.MaxValue),
        Number("root_digests.entries", 2_000_000, 1, 100_000_000),
        Number("root_digests.content_bytes", 0, 0, 1024 * GiB),
        Paths("harness_checkout"),
        Paths("case_source"),
        Paths("vendor_source"),
        Paths("external_developer_repos"),
        Paths("hermes_webui"),
        Paths("cortex_core"),
    ];

    private static PolicyKey Number(string name, long value, long min, long max) =>
        new(name, [value.ToString(CultureInfo.InvariantCulture)], min, max, IsList: false);

    private static PolicyKey Paths(string role) => new(ProtectedPrefix + role, [], 0, 0, IsList: true);
}
