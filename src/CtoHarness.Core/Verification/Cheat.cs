using System.Collections.Immutable;
using CtoHarness.Core.Trees;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Core.Verification;

/// <summary>A way to look finished without having done the work, which the judge must catch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Breach">The blocker that it must give, among others.</param>
/// <param name="Files">What it lays over the workspace.</param>
/// <param name="Script">A shell script that then runs in the workspace, in the sandbox of a backend; empty where there is none.</param>
public sealed record Cheat(string Name, string Title, BlockerCode Breach, ImmutableArray<(RelativePath Path, string Text)> Files, string Script);

/// <summary>The cheats of a fixture, as <c>verify/cheats.yaml</c> describes them.</summary>
/// <param name="Control">The one that every run makes as its control; it has no script.</param>
/// <param name="All">All of them.</param>
public sealed record CheatSet(Cheat Control, ImmutableArray<Cheat> All);
