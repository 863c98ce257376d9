using System.Collections.Immutable;
using static CtoHarness.Tests.Linux.Backends.Turns;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>What a model and its provider can do to a run of Case on the fixture r1-string-slugify.</summary>
internal static class CaseScenarios
{
    private static readonly Answer Implemented = CaseAnswers.Implemented();

    public static CaseScenario Ok { get; } = new("ok", Slugify.Read, Slugify.EditRight, Slugify.Test, Implemented);

    public static CaseScenario OkWithCommit { get; } = new("ok-commit", Slugify.Read, Slugify.EditRight, Slugify.Test, Slugify.Commit, Implemented);

    /// <summary>Says that it is done, and did nothing.</summary>
    public static CaseScenario NoEdit { get; } = new("no-edit", Slugify.Read, Bash("true"), Implemented);

    /// <summary>The right change, one of a file that the contract does not allow, and tries to write outside.</summary>
    public static CaseScenario EditsDisallowed { get; } = new("edit-disallowed", Slugify.Read, Slugify.EditRight, Slugify.EditReadme, Slugify.WriteOutside, Implemented);

    /// <summary>Makes the tests pass by changing them.</summary>
    public static CaseScenario WeakensTests { get; } = new("weakens-tests", Slugify.EditWrong, Slugify.WeakenTests, Slugify.Test, Implemented);

    /// <summary>Its tests fail, every phase says that they pass.</summary>
    public static CaseScenario ClaimsSuccess { get; } = new("claims-success", Slugify.EditWrong, Slugify.Test, Implemented);

    /// <summary>Its tests fail, the verify phase says so each time, and Case completes.</summary>
    public static CaseScenario BadTests { get; } = new CaseScenario("bad-tests", Slugify.EditWrong, Slugify.Test, Implemented).With("VERIFIER", Slugify.Test, CaseAnswers.Verified("fail"));

    /// <summary>The right change, and a commit that was never made.</summary>
    public static CaseScenario InventsCommit { get; } = new("invented-commit", Slugify.EditRight, CaseAnswers.Implemented("0123456789abcdef0123456789abcdef01234567"));

    /// <summary>The right change, without the block that Case waits for.</summary>
    public static CaseScenario NoResult { get; } = new("no-result", Slugify.Read, Slugify.EditRight, Say("Done."));

    public static CaseScenario Refuses { get; } = CaseScenario.Everywhere("refused", Say("I'm sorry, but I can't help with that request.", "content_filter"));

    public static CaseScenario Unauthorized { get; } = CaseScenario.Everywhere("unauthorized", Status(401, "invalid key"));

    public static CaseScenario ModelMissing { get; } = CaseScenario.Everywhere("model-missing", Status(404, "model not found"));

    public static CaseScenario Unavailable { get; } = CaseScenario.Everywhere("unavailable", Status(503, "overloaded"));

    public static CaseScenario Hangs { get; } = CaseScenario.Everywhere("hang", Hang());

    public static CaseScenario CutsTheStream { get; } = CaseScenario.Everywhere("cut", CutAfter(3));

    public static CaseScenario MalformedStream { get; } = CaseScenario.Everywhere("malformed", Malformed());

    public static CaseScenario EndlessStream { get; } = CaseScenario.Everywhere("endless-stream", Endless(TimeSpan.FromMilliseconds(50)));

    /// <summary>One call of a tool after the other, without an end.</summary>
    public static CaseScenario EndlessTools { get; } = CaseScenario.Everywhere("endless-tools", Bash("true"));

    /// <summary>All that need no parameter.</summary>
    public static ImmutableArray<CaseScenario> All { get; } =
    [
        Ok, OkWithCommit, NoEdit, EditsDisallowed, WeakensTests, ClaimsSuccess, BadTests, InventsCommit, NoResult, Refuses,
        Unauthorized, ModelMissing, Unavailable, Hangs, CutsTheStream, MalformedStream, EndlessStream, EndlessTools,
    ];

    /// <summary>The right change, and a call of its own for another model.</summary>
    /// <param name="model">The model that it asks for.</param>
    /// <param name="gateway">The base URL; null: the one in the configuration in the home.</param>
    public static CaseScenario AnotherModel(string model = "another-model", string? gateway = null) =>
        new("another-model", Slugify.EditRight, Slugify.AskFor(model, gateway), Implemented);
}
