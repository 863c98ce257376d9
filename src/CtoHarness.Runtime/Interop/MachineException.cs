using System.Runtime.InteropServices;

namespace CtoHarness.Runtime.Interop;

/// <summary>The machine refused a call.</summary>
public sealed class MachineException : Exception
{
    private const int NotThere = 2;
    private const int NotAllowed = 13;
    private const int NoFolder = 20;
    private const int IsLink = 40;

    private MachineException(string call, string subject, int error)
        : base($"{call} of \"{Core.Problems.PlainText.Visible(subject, 400)}\" failed: {Marshal.GetPInvokeErrorMessage(error)}")
    {
        Call = call;
        Error = error;
    }

    /// <summary>The call.</summary>
    public string Call { get; }

    /// <summary>The number of the error, as errno(3) has it.</summary>
    public int Error { get; }

    /// <summary>Whether nothing stands under the name.</summary>
    internal bool IsNotThere => Error == NotThere;

    /// <summary>Whether no folder stands where one was opened: nothing, a link, something else, or one that lets nobody in.</summary>
    public bool IsNoFolder => Error is NotThere or NotAllowed or NoFolder or IsLink;

    /// <summary>The fault of the last call on this thread.</summary>
    internal static MachineException Last(string call, string subject) => new(call, subject, Marshal.GetLastPInvokeError());
}
