using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CtoHarness.Runtime.Gateway;

/// <summary>Hears from the server of what it refused itself, since it was no request; everything else that it says goes nowhere.</summary>
/// <param name="heard">Hears on which connection it was, and what was wrong.</param>
internal sealed class BadRequestEar(Action<string, string> heard) : ILoggerFactory
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Ear(categoryName == Category ? heard : null);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Ear(Action<string, string>? heard) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => heard is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is BadHttpRequestException)
            {
                var facts = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
                heard?.Invoke(facts.FirstOrDefault(fact => fact.Key == "ConnectionId").Value as string ?? "", exception.Message);
            }
        }
    }
}
