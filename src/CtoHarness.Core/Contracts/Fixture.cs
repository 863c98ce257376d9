using System.Collections.Immutable;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Contracts;

/// <summary>A small artificial repository with its task, as <c>fixture.yaml</c> describes it.</summary>
/// <param name="Id">The task's name, equal to the folder's.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Language">The language of the code, such as <c>python</c>.</param>
/// <param name="BaseCommit">The commit id, 40 hexadecimal digits, that the workspace must give.</param>
/// <param name="AllowedFiles">The paths that a backend may change.</param>
/// <param name="IgnoredFiles">By-products that count as no change and are laid over nothing.</param>
/// <param name="DeletedFiles">Allowed files that the solution deletes; what it changes or adds stands in <c>solution/</c>.</param>
/// <param name="TestCommand">Program and arguments; empty where the fixture names none.</param>
public sealed record Fixture(
    TaskId Id,
    string Title,
    string Language,
    string BaseCommit,
    ImmutableArray<RelativePath> AllowedFiles,
    ImmutableArray<PathPattern> IgnoredFiles,
    ImmutableArray<RelativePath> DeletedFiles,
    ImmutableArray<string> TestCommand);
