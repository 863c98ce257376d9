using CtoHarness.Core.Contracts;
using CtoHarness.Core.Engines;
using CtoHarness.Core.Events;
using CtoHarness.Core.Gateway;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;
using CtoHarness.Core.Verification;

namespace CtoHarness.Core.Evidence;

/// <summary>The written words of closed sets, as schemas and pages have them.</summary>
public static class Words
{
    /// <summary>Every word of the closed sets: a record in which one were withheld could not be read.</summary>
    public static IEnumerable<string> All =>
    [
        .. Enum.GetValues<RunStatus>().Select(Of), .. Enum.GetValues<Fault>().Select(Of), .. Enum.GetValues<Observer>().Select(Of),
        .. Enum.GetValues<ModelAdmission>().Select(Of), .. Enum.GetValues<EndKind>().Select(Of), .. Enum.GetValues<CaseSource>().Select(Of),
        .. Enum.GetValues<AttemptClass>().Select(Of), .. Enum.GetValues<RootState>().Select(Of),
        .. Enum.GetValues<CallRefusal>().Select(Of), .. Enum.GetValues<ProviderTrouble>().Select(Of), .. Enum.GetValues<OutputWire>().Select(Of),
    ];

    /// <summary>The word for a status.</summary>
    /// <param name="value">The status.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(RunStatus value) => value switch
    {
        RunStatus.Pass => "pass",
        RunStatus.Fail => "fail",
        RunStatus.Blocked => "blocked",
        _ => "inconclusive",
    };

    /// <summary>The word for a side.</summary>
    /// <param name="value">The side.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(Fault value) => value switch
    {
        Fault.None => "none",
        Fault.Backend => "backend",
        Fault.Policy => "policy",
        Fault.Provider => "provider",
        Fault.Verifier => "verifier",
        _ => "infrastructure",
    };

    /// <summary>The word for an observer.</summary>
    /// <param name="value">The observer.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(Observer value) => value switch
    {
        Observer.Kernel => "kernel",
        Observer.Gateway => "gateway",
        Observer.Harness => "harness",
        _ => "backend",
    };

    /// <summary>The word for the form of a backend's records.</summary>
    /// <param name="value">The form.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(OutputWire value) => value switch
    {
        OutputWire.JsonLines => "json-lines",
        OutputWire.Pi => "pi",
        OutputWire.Case => "case",
        _ => "none",
    };

    /// <summary>The word for a model's admission.</summary>
    /// <param name="value">The admission.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(ModelAdmission value) => value switch
    {
        ModelAdmission.NotApplicable => "not_applicable",
        ModelAdmission.Admitted => "admitted",
        ModelAdmission.Refused => "refused",
        _ => "unknown",
    };

    /// <summary>The word for how a program ended.</summary>
    /// <param name="value">How it ended.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(EndKind value) => value switch
    {
        EndKind.Exited => "exited",
        EndKind.Signalled => "signalled",
        EndKind.TimedOut => "timed-out",
        EndKind.Interrupted => "interrupted",
        EndKind.OverLimit => "over-limit",
        _ => "sandbox-failed",
    };

    /// <summary>The word for where a question of the verification comes from.</summary>
    /// <param name="value">Where from.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(CaseSource value) => value switch
    {
        CaseSource.Fixed => "fixed",
        CaseSource.Drawn => "drawn",
        _ => "predicate",
    };

    /// <summary>The word for what was done to a path.</summary>
    /// <param name="change">The change.</param>
    /// <returns>Lower-case text, such as <c>modified</c>.</returns>
    public static string Of(Change change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return (change.Before, change.After) switch
        {
            (null, { } after) => "added " + Of(after.Kind, after.Note),
            ({ } before, null) => "deleted " + Of(before.Kind, before.Note),
            ({ } before, { } after) when before.Kind == after.Kind && before.Note == after.Note => "modified " + Of(after.Kind, after.Note),
            ({ } before, { } after) => $"{Of(before.Kind, before.Note)} became {Of(after.Kind, after.Note)}",
            _ => "unchanged",
        };
    }

    private static string Of(EntryKind kind, string note) => kind switch
    {
        EntryKind.File => "file",
        EntryKind.Executable => "executable file",
        EntryKind.Link => "link",
        _ => note,
    };

    /// <summary>The word for what a call was aimed at.</summary>
    /// <param name="what">What it was aimed at.</param>
    public static string Of(AttemptClass what) => what switch
    {
        AttemptClass.Outside => "outside",
        AttemptClass.Target => "target",
        AttemptClass.Protected => "protected",
        AttemptClass.Home => "home",
        AttemptClass.Hidden => "hidden",
        AttemptClass.Network => "network",
        AttemptClass.Noise => "noise",
        _ => "unresolved",
    };

    /// <summary>The word for what became of a protected root.</summary>
    /// <param name="value">What became of it.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(RootState value) => value switch
    {
        RootState.NotDeclared => "not_declared",
        RootState.Unchanged => "unchanged",
        RootState.Changed => "changed",
        _ => "not_observed",
    };

    /// <summary>The word for why a call was not forwarded.</summary>
    /// <param name="value">Why.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(CallRefusal value) => value switch
    {
        CallRefusal.None => "none",
        CallRefusal.Model => "model",
        CallRefusal.Wire => "wire",
        CallRefusal.Host => "host",
        CallRefusal.Budget => "budget",
        CallRefusal.Form => "form",
        CallRefusal.Size => "size",
        _ => "busy",
    };

    /// <summary>The word for trouble of a provider.</summary>
    /// <param name="value">The trouble.</param>
    /// <returns>Lower-case text.</returns>
    public static string Of(ProviderTrouble value) => value switch
    {
        ProviderTrouble.None => "none",
        ProviderTrouble.Unreachable => "unreachable",
        ProviderTrouble.Unauthorized => "unauthorized",
        ProviderTrouble.ModelMissing => "model-missing",
        ProviderTrouble.Overloaded => "overloaded",
        ProviderTrouble.Timeout => "timeout",
        ProviderTrouble.Malformed => "malformed",
        ProviderTrouble.CutOff => "cut-off",
        _ => "endless",
    };
}
