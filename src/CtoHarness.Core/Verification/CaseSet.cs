using System.Collections.Immutable;
using CtoHarness.Core.Trees;

namespace CtoHarness.Core.Verification;

/// <summary>What the cases of a fixture are put to.</summary>
public abstract record CaseTarget
{
    private CaseTarget()
    {
    }

    /// <summary>A function, which the driver of the fixture's language calls.</summary>
    /// <param name="File">The file that holds it.</param>
    /// <param name="Name">Its name in that file.</param>
    public sealed record Callable(RelativePath File, string Name) : CaseTarget;

    /// <summary>A command, started once for each case: arguments and standard input go in, standard output and exit code come out.</summary>
    /// <param name="Words">Program and first arguments.</param>
    public sealed record Command(ImmutableArray<string> Words) : CaseTarget;

    /// <summary>Nothing is called: the tree itself is looked at.</summary>
    public sealed record Tree : CaseTarget;
}

/// <summary>One input with the answer that it must give.</summary>
/// <param name="Name">What the case shows.</param>
/// <param name="Input">For a function <c>arguments</c> and <c>keywords</c>, for a command <c>arguments</c> and <c>stdin</c>.</param>
/// <param name="Expected">The answer; null where only the solution can tell.</param>
/// <param name="IsDrawn">Whether it was drawn by a generator instead of written down.</param>
public sealed record VerificationCase(string Name, JsonValue.Map Input, Answer? Expected, bool IsDrawn);

/// <summary>What one answer may use up.</summary>
/// <param name="Seconds">How long it may take, in seconds.</param>
/// <param name="AnswerBytes">How long its line, or a command's output, may be, in bytes.</param>
public sealed record CaseLimits(long Seconds, long AnswerBytes)
{
    /// <summary>What holds where the fixture says nothing.</summary>
    public static CaseLimits Default { get; } = new(10, 65_536);
}

/// <summary>Inputs that are drawn anew for every run.</summary>
/// <param name="Count">How many cases.</param>
/// <param name="Arguments">The shape of each argument by position.</param>
/// <param name="Keywords">The shape of each argument by name.</param>
/// <param name="Input">The shape of a command's standard input; null where it gets none.</param>
public sealed record Generator(int Count, ImmutableArray<Shape> Arguments, ImmutableArray<(string Name, Shape Shape)> Keywords, Shape? Input);

/// <summary>How a fixture's result is verified, as <c>verify/cases.yaml</c> describes it.</summary>
/// <param name="Target">What the cases are put to.</param>
/// <param name="Limits">What one answer may use up.</param>
/// <param name="Cases">The cases that are written down.</param>
/// <param name="Generator">What draws further ones; null where nothing does.</param>
/// <param name="Predicates">What must hold of the tree.</param>
public sealed record CaseSet(
    CaseTarget Target, CaseLimits Limits, ImmutableArray<VerificationCase> Cases, Generator? Generator, ImmutableArray<TreePredicate> Predicates)
{
    /// <summary>The most cases of one kind.</summary>
    public const int MostCases = 1000;

    /// <summary>How many answers a verification must give: fixed and drawn cases, and predicates.</summary>
    public int Expected => Cases.Length + (Generator?.Count ?? 0) + Predicates.Length;

    /// <summary>All cases of one run, the fixed ones first.</summary>
    /// <param name="seed">A text that nobody could know before.</param>
    /// <returns>The cases; the same for the same seed.</returns>
    public ImmutableArray<VerificationCase> Draw(string seed) => Generator is null ? Cases : [.. Cases, .. Drawing.Cases(Generator, seed, Target is CaseTarget.Command)];
}
