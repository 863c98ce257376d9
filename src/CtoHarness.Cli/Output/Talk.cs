using System.Text;

namespace CtoHarness.Cli.Output;

/// <summary>Standard error as somewhere to talk to: where nobody can hear, nothing fails for it.</summary>
internal sealed class Talk(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (OutputLostException)
        {
            // a full disk or a closed pipe behind standard error
        }
    }
}
