using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Runtime.Signing;
using CtoHarness.Runtime.Storage;
using CtoHarness.Runtime.Workspaces;

namespace CtoHarness.Runtime.Pipeline;

/// <summary>A bundle that every other check accepted, with what the reader's machine has to make its change again.</summary>
/// <param name="Path">Where the bundle is.</param>
/// <param name="Content">What was read of it.</param>
/// <param name="Review">What the review came to.</param>
/// <param name="Root">The reader's harness root: its drivers' commands, its fake engine, its sandbox's user.</param>
/// <param name="Folders">Where scratch folders go.</param>
/// <param name="Environment">The reader's variables, some of which name sockets.</param>
public sealed record RecheckRequest(
    string Path, BundleContent Content, BundleReview Review, HarnessRoot Root, StateFolders Folders, IReadOnlyDictionary<string, string> Environment);

/// <summary>Makes a sealed change again: an ordinary run, with all its sandboxes and controls, of a backend that only lays the bundle's patch over the bundle's fixture.</summary>
/// <remarks>The patch is a backend's, so nothing but a sandbox ever reads it: git applies it there, and the harness looks at the tree that came out.</remarks>
public static class Recheck
{
    private const string Patch = "patch.diff";
    private const int MostSaid = 300;

    /// <summary>Makes it. Nothing of it stays on disk but caches.</summary>
    /// <param name="request">The bundle and the machine.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="interrupt">Ends it early.</param>
    /// <returns>What it came to, or what this machine lacks.</returns>
    /// <exception cref="IOException">The machine failed, or the bundle changed meanwhile.</exception>
    public static Parsed<Rechecked> Make(RecheckRequest request, TimeProvider clock, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (was, verdict) = (request.Review.Subject!, request.Review.Verdict!);
        if (RecheckReview.WithoutChange(was, verdict, request.Content.Find(Patch)?.Bytes ?? 0) is { } told)
        {
            return new Parsed<Rechecked>.Value(told);
        }

        // A name that 'runs repair' knows as scratch of a check.
        LaneSandbox.MakeState(request.Folders);
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using var top = new RunFolders(Path.Combine(request.Folders.Work, string.Create(CultureInfo.InvariantCulture, $"check-{System.Environment.ProcessId}-{chance}")));
        string leftovers;
        Parsed<Rechecked> made;
        try
        {
            top.Make();
            made = Run(request, top.Top, clock, interrupt);
        }
        finally
        {
            leftovers = top.IsMade ? Scratch.Remove(top.Top) : "";
        }

        return leftovers.Length == 0 ? made : throw Left(leftovers);
    }

    private static Parsed<Rechecked> Run(RecheckRequest request, string top, TimeProvider clock, CancellationToken interrupt)
    {
        var problems = RecheckRoot.Make(request, top, interrupt);
        if (!problems.IsEmpty || request.Root.Policy() is not Parsed<RunPolicy>.Value { Result: var own })
        {
            return new Parsed<Rechecked>.Refused(problems.IsEmpty ? ((Parsed<RunPolicy>.Refused)request.Root.Policy()).Problems : problems);
        }

        var (was, verdict) = (request.Review.Subject!, request.Review.Verdict!);
        var root = Sound(HarnessRoot.Open(RecheckRoot.Of(top), Path.Combine(top, "no-overlay")));
        var key = SigningKey.TryRead(SigningKey.Draw())!; // nobody is to believe what is sealed with it
        var result = RunPipeline.Run(
            new RunRequest(
                root, Folders(request, top), RecheckRoot.Policy(was.Evidence.Contract!.Limits, own), was.Evidence.Contract.Fixture.Id, Sound(root.Engine(RecheckRoot.Engine)), null,
                ModelAdmission.NotApplicable, [], [], null, KeepWorkspace: false, ControlChoice.Usual, RecheckRoot.OpenGates)
            {
                Seed = RecheckReview.SeedFor(was),
            },
            key, clock, _ => { }, interrupt);
        interrupt.ThrowIfCancellationRequested();
        if (result.Leftovers.Length > 0)
        {
            throw Left(result.Leftovers);
        }

        var again = BundleVerifier.Review(BundleReader.Read(result.Bundle, interrupt), new ReviewRequest([key.Public], clock.GetUtcNow()));
        return new Parsed<Rechecked>.Value(again is { IsAccepted: true, Subject: { } second }
            ? RecheckReview.Compare(was, verdict, second, again.Verdict!, Said(result.Bundle))
            : throw new IOException($"the run that was to show it does not read back: {again.Refusal!.Check}"));
    }

    // The bundle holds the answers, and so may the reader's harness root; neither is where a run usually hides things.
    private static StateFolders Folders(RecheckRequest request, string top)
    {
        IEnumerable<string> hidden = [request.Path, request.Root.Folder, request.Folders.Runs, .. HostSockets.Places(request.Environment)];
        return request.Folders with
        {
            Runs = Path.Combine(top, "runs"),
            Hidden = [.. hidden.Select(path => HostPaths.Real(path)).OfType<string>().Where(HostView.CanHide)],
        };
    }

    private static IOException Left(string folder) => new($"the scratch folder {folder} could not be removed whole; remove it by hand");

    private static string Said(string bundle)
    {
        using var file = File.OpenRead(Path.Combine(bundle, "backend/stderr.log"));
        var bytes = new byte[MostSaid];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return PlainText.Visible(Encoding.UTF8.GetString(bytes, 0, read).Trim());
    }

    private static T Sound<T>(Parsed<T> parsed) => parsed is Parsed<T>.Value { Result: var result } ? result
        : throw new IOException(string.Join("; ", ((Parsed<T>.Refused)parsed).Problems));
}
