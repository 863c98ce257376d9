using System.Text;

namespace CtoHarness.Cli.Output;

/// <summary>Standard output, whose loss is told apart from the loss of any file.</summary>
internal sealed class ResultWriter(Stream output) : TextWriter
{
#pragma warning disable CA2213 // the process's own stream: it ends with the process
    private readonly Stream _output = output;
#pragma warning restore CA2213

    /// <inheritdoc/>
    public override Encoding Encoding { get; } = new UTF8Encoding(false);

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        try
        {
            _output.Write(Encoding.GetBytes(value ?? ""));
        }
        catch (IOException lost)
        {
            throw new OutputLostException(lost);
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override void WriteLine() => Write("\n");
}

/// <summary>Standard output takes nothing more.</summary>
internal sealed class OutputLostException(IOException cause) : Exception(cause.Message, cause);
