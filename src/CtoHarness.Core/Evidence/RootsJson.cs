using System.Collections.Immutable;
using System.Text.Json;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of the protected roots.</summary>
internal static class RootsJson
{
    /// <summary>The roots; where the run did not come to them, what its identity says of them.</summary>
    internal static ImmutableArray<ProtectedRoot> Of(RunEvidence evidence) =>
        evidence.Roots ?? [.. evidence.Identity.ProtectedRoots.Select(root => new ProtectedRoot(
            root.Role, root.Path, root.Path.Length > 0 ? RootState.NotObserved : RootState.NotDeclared, null, null, null, [],
            root.Path.Length == 0 ? "" : evidence.Lane.Kind == LaneKind.Subject ? "the run did not come to digesting it" : "roots are digested once a run, in the subject's lane"))];

    internal static void Write(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteObserved("no_mutation_passed", verdict.Observations.NoMutation);
        json.WriteStartArray("protected_roots");
        foreach (var root in Of(evidence))
        {
            json.WriteStartObject();
            json.WriteString("role", root.Role);
            json.WriteString("state", Words.Of(root.State));
            json.WriteString("path", root.Path.Length > 0 ? root.Path : null);
            json.WriteObserved("entries", root.Entries);
            json.WriteString("before", root.Before?.ToString());
            json.WriteString("after", root.After?.ToString());
            json.WriteNumber("changes_total", root.ChangesTotal);
            json.WriteStrings("changes", root.Changes);
            json.WriteStrings("excluded", root.Excluded);
            json.WriteStrings("names", root.Names);
            json.WriteStrings("manifests", root.Manifests);
            json.WriteString("trouble", root.Trouble.Length > 0 ? root.Trouble : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
