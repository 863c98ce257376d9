using System.Collections.Immutable;

namespace CtoHarness.Core.Contracts;

/// <summary>Limits and roots that hold for a run, after every overlay.</summary>
public sealed record RunPolicy
{
    private readonly ImmutableSortedDictionary<string, PolicySetting> _settings;

    private RunPolicy(ImmutableSortedDictionary<string, PolicySetting> settings) => _settings = settings;

    /// <summary>The policy of a harness root that says nothing.</summary>
    public static RunPolicy BuiltIn { get; } = new(PolicyKeys.All.ToImmutableSortedDictionary(
        key => key.Name,
        key => new PolicySetting(key.Name, key.Default, "built-in"),
        StringComparer.Ordinal));

    /// <summary>All effective values, in order of their names.</summary>
    public IEnumerable<PolicySetting> Settings => _settings.Values;

    /// <summary>The limits among the values.</summary>
    public Limits Limits => new(
        Number("limits.wall_seconds"), Number("limits.test_wall_seconds"), Number("limits.stop_seconds"),
        Number("limits.output_bytes"), Number("limits.file_bytes"), Number("limits.workspace_bytes"),
        Number("limits.workspace_entries"), Number("limits.workspace_depth"), Number("limits.processes"),
        Number("limits.address_space_bytes"));

    /// <summary>What a run may ask of a model.</summary>
    public GatewayLimits Gateway => new(
        Number("gateway.calls"), Number("gateway.tokens"), Number("gateway.request_bytes"), Number("gateway.response_bytes"),
        Number("gateway.idle_seconds"), Number("gateway.traffic_bytes"), Number("gateway.refused_models"));

    /// <summary>The user id that sandboxes run under where the harness runs as root.</summary>
    public long SandboxUid => Number("sandbox.uid");

    /// <summary>The most entries of one protected root that are looked at.</summary>
    public long RootEntries => Number("root_digests.entries");

    /// <summary>The most bytes of the contents of one protected root's files that are read; 0 where no content is read.</summary>
    public long RootContentBytes => Number("root_digests.content_bytes");

    /// <summary>The paths of each role of a protected root; a role without a path has an empty list.</summary>
    public IEnumerable<(string Role, ImmutableArray<string> Paths)> ProtectedRoots =>
        Settings.Where(s => s.Name.StartsWith(PolicyKeys.ProtectedPrefix, StringComparison.Ordinal))
            .Select(s => (s.Name[PolicyKeys.ProtectedPrefix.Length..].Replace('_', '-'), s.Value));

    /// <summary>Lays a value over what is there.</summary>
    /// <param name="setting">A value for a name of <see cref="PolicyKeys"/>, already checked.</param>
    /// <returns>The policy with the value.</returns>
    public RunPolicy With(PolicySetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return _settings.ContainsKey(setting.Name)
            ? new RunPolicy(_settings.SetItem(setting.Name, setting))
            : throw new ArgumentException($"the policy has no value {setting.Name}", nameof(setting));
    }

    private long Number(string name) =>
        long.Parse(_settings[name].Value[0], System.Globalization.CultureInfo.InvariantCulture);
}
