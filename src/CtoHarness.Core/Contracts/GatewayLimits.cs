namespace CtoHarness.Core.Contracts;

/// <summary>What one run may ask of a model at most.</summary>
/// <param name="Calls">Calls that are passed on.</param>
/// <param name="Tokens">Tokens of all requests and answers together.</param>
/// <param name="RequestBytes">Bytes of one request.</param>
/// <param name="ResponseBytes">Bytes of one answer.</param>
/// <param name="IdleSeconds">How long a provider may be silent, in seconds.</param>
/// <param name="TrafficBytes">Bytes of all bodies that are kept in the bundle.</param>
/// <param name="RefusedModels">Calls for a model that is not the run's that a run may make and still pass; each is refused and noted.</param>
public sealed record GatewayLimits(long Calls, long Tokens, long RequestBytes, long ResponseBytes, long IdleSeconds, long TrafficBytes, long RefusedModels);
