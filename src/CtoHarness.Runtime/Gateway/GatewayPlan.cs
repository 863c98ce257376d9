using CtoHarness.Core.Contracts;

namespace CtoHarness.Runtime.Gateway;

/// <summary>What a gateway serves.</summary>
/// <param name="Provider">Where calls go.</param>
/// <param name="Model">The one model that may be called.</param>
/// <param name="Key">The provider's key, which leaves the harness in the direction of the provider alone; null for none.</param>
/// <param name="Nonce">The run's nonce, 64 hexadecimal digits.</param>
/// <param name="Limits">What the run may ask at most.</param>
/// <param name="Idle">How long the provider may be silent.</param>
/// <param name="Port">The port inside the sandbox.</param>
internal sealed record GatewayPlan(Provider Provider, ModelName Model, string? Key, string Nonce, GatewayLimits Limits, TimeSpan Idle, int Port)
{
    /// <summary>The name under which the key is replaced wherever it stands.</summary>
    internal string KeyName => Provider.KeyVariable.Length > 0 ? Provider.KeyVariable : "provider-key";
}
