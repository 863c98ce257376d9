using System.Collections.Immutable;
using static CtoHarness.Tests.Linux.Backends.Turns;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>
/// What a model and its provider can do to a run of Pi on the fixture r1-string-slugify.
/// A refused connection is no scenario of a provider: see <see cref="RefusingProvider"/>.
/// </summary>
internal static class PiScenarios
{
    private const string Passed = "Implemented slugify and ran the tests: all pass.";

    public static PiScenario Ok { get; } = new("ok", [Slugify.Read, Slugify.EditRight, Slugify.Test, Say(Passed)]);

    public static PiScenario OkWithCommit { get; } = new("ok-commit", [Slugify.Read, Slugify.EditRight, Slugify.Test, Slugify.Commit, Say(Passed)]);

    /// <summary>Says that it is done, and did nothing.</summary>
    public static PiScenario NoEdit { get; } = new("no-edit", [Slugify.Read, Bash("true"), Say(Passed)]);

    /// <summary>The right change, one of a file that the contract does not allow, and tries to write outside.</summary>
    public static PiScenario EditsDisallowed { get; } = new("edit-disallowed", [Slugify.Read, Slugify.EditRight, Slugify.EditReadme, Slugify.WriteOutside, Slugify.Test, Say(Passed)]);

    /// <summary>Makes the tests pass by changing them.</summary>
    public static PiScenario WeakensTests { get; } = new("weakens-tests", [Slugify.EditWrong, Slugify.WeakenTests, Slugify.Test, Say(Passed)]);

    /// <summary>Its tests fail, and it says that they pass.</summary>
    public static PiScenario ClaimsSuccess { get; } = new("bad-tests", [Slugify.EditWrong, Slugify.Test, Say(Passed)]);

    /// <summary>The model declines, in the words and with the reason that such models use.</summary>
    public static PiScenario Refuses { get; } = new("refused", [Say("I'm sorry, but I can't help with that request.", "content_filter")]);

    public static PiScenario Unauthorized { get; } = new("unauthorized", [Status(401, "invalid key")]);

    public static PiScenario ModelMissing { get; } = new("model-missing", [Status(404, "model not found")]);

    public static PiScenario Unavailable { get; } = new("unavailable", [Status(503, "overloaded")]);

    /// <summary>Unavailable once it has changed something.</summary>
    public static PiScenario UnavailableLater { get; } = new("unavailable-later", [Slugify.EditRight, Status(503, "overloaded")]);

    public static PiScenario Hangs { get; } = new("hang", [Hang()]);

    public static PiScenario HangsInTheStream { get; } = new("hang-in-stream", [HangAfter(2)]);

    public static PiScenario CutsTheStream { get; } = new("cut", [CutAfter(3)]);

    public static PiScenario MalformedStream { get; } = new("malformed", [Malformed()]);

    public static PiScenario EndlessStream { get; } = new("endless-stream", [Endless(TimeSpan.FromMilliseconds(50))]);

    /// <summary>One call of a tool after the other, without an end.</summary>
    public static PiScenario EndlessTools { get; } = new("endless-tools", [Bash("true")]);

    /// <summary>The right change, and a call of its own for another model.</summary>
    /// <param name="model">The model that it asks for.</param>
    /// <param name="gateway">The base URL; null: the one in Pi's own configuration.</param>
    public static PiScenario AnotherModel(string model = "another-model", string? gateway = null) =>
        new("another-model", [Slugify.EditRight, Slugify.AskFor(model, gateway), Slugify.Test, Say(Passed)]);

    /// <summary>All that need no parameter.</summary>
    public static ImmutableArray<PiScenario> All { get; } =
    [
        Ok, OkWithCommit, NoEdit, EditsDisallowed, WeakensTests, ClaimsSuccess, Refuses, Unauthorized, ModelMissing,
        Unavailable, UnavailableLater, Hangs, HangsInTheStream, CutsTheStream, MalformedStream, EndlessStream, EndlessTools,
    ];
}
