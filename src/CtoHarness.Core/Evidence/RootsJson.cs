using System.Text.Json;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Runs;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Evidence;

/// <summary>What the report says of the protected roots.</summary>
internal static class RootsJson
{
    internal static void Write(Utf8JsonWriter json, RunEvidence evidence, Verdict verdict)
    {
        json.WriteObserved("no_mutation_passed", verdict.Observations.NoMutation);
        json.WriteStartArray("protected_roots");
        var roots = evidence.Roots ?? [.. evidence.Identity.ProtectedRoots.Select(root => new ProtectedRoot(
            root.Role, root.Path, root.Path.Length > 0 ? RootState.NotObserved : RootState.NotDeclared, null, null, null, [], ""))];
        foreach (var root in roots)
        {
            json.WriteStartObject();
            json.WriteString("role", root.Role);
            json.WriteString("state", root.State switch
            {
                RootState.Unchanged => "unchanged",
                RootState.Changed => "changed",
                RootState.NotDeclared => "not_declared",
                _ => "not_observed",
            });
            json.WriteString("path", root.Path.Length > 0 ? root.Path : null);
            json.WriteObserved("entries", root.Entries);
            json.WriteString("before", root.Before?.ToString());
            json.WriteString("after", root.After?.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
