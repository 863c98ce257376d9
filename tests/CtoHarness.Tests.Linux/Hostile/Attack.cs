using CtoHarness.Confine;
using CtoHarness.Core.Observation;

namespace CtoHarness.Tests.Linux.Hostile;

/// <summary>One attack on the sandbox: what is done, how it is seen from outside whether it succeeded, and what is expected of the layers and of the record.</summary>
/// <param name="Name">Its name, which is also the name of its folders.</param>
/// <param name="Title">What it does, for the table.</param>
/// <param name="StoppedBy">The layers that stop it, the outermost first.</param>
/// <param name="Words">The puppet's verb and arguments.</param>
internal sealed record Attack(string Name, string Title, string StoppedBy, Func<Scene, string[]> Words)
{
    /// <summary>Whether it succeeded, as seen from outside once all is over.</summary>
    internal Func<Scene, bool> Succeeded { get; init; } = scene => scene.Changed;

    /// <summary>What is looked at while the puppet waits at its roll call; null where it makes none.</summary>
    internal Func<int, bool>? Look { get; init; }

    /// <summary>What the record must hold; null where it holds nothing.</summary>
    internal Note? Record { get; init; }

    /// <summary>Why the record holds nothing: one of the gaps that every record names.</summary>
    internal string Gap { get; init; } = "";

    /// <summary>What comes of it in the weaker configurations; null where it is not made there.</summary>
    internal Weaker? Weaker { get; init; }

    /// <summary>Where it is ended inside before it can say anything: what shows that it was made; null where it must say something.</summary>
    internal Func<Ended, bool>? EndedBy { get; init; }

    /// <summary>What must be laid out before.</summary>
    internal Action<Scene>? Prepare { get; init; }

    /// <summary>A sandbox of its own, changed like this; null where it shares one with others.</summary>
    internal Func<Scene, SandboxOrder, SandboxOrder>? Alone { get; init; }

    /// <summary>Whether it takes so much from its user that no other attack may be made meanwhile.</summary>
    internal bool IsGreedy { get; init; }

    /// <summary>Whether other kinds of machine have nothing like it.</summary>
    internal bool IsForX64 { get; init; }

    /// <summary>What stands behind it on the line of a shell, where it is made outside.</summary>
    internal string OutsideSuffix { get; init; } = "";

    /// <summary>What stands before it in a sandbox.</summary>
    internal string InsidePrefix { get; init; } = "";

    /// <summary>What stands behind it there.</summary>
    internal string InsideSuffix { get; init; } = "";
}

/// <summary>What the record must hold of an attack.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Path">The path or address.</param>
/// <param name="Class">What it is aimed at.</param>
/// <param name="Denied">Whether the supervisor refused it; null where it only noted it.</param>
internal sealed record Note(string Operation, Func<Scene, string> Path, AttemptClass Class = AttemptClass.Outside, bool? Denied = true);

/// <summary>What comes of an attack.</summary>
internal enum Outcome
{
    /// <summary>Nothing outside changed, nothing secret came in.</summary>
    Contained,

    /// <summary>It succeeded: the layer that is off carries it.</summary>
    Done,

    /// <summary>Chance decides.</summary>
    Chance,
}

/// <summary>What comes of an attack where a layer is off and the places outside are mounted writable, so that bubblewrap's mounts stop nothing.</summary>
/// <param name="NoLandlock">Without Landlock.</param>
/// <param name="NoSeccomp">Without the filter, and so without the supervisor.</param>
/// <param name="Old">With Landlock 2, as Debian 12 has it.</param>
/// <param name="OldAlone">With Landlock 2 and without the filter.</param>
internal sealed record Weaker(Outcome NoLandlock, Outcome NoSeccomp, Outcome Old, Outcome OldAlone)
{
    /// <summary>Either layer alone is enough.</summary>
    internal static readonly Weaker EitherHolds = new(Outcome.Contained, Outcome.Contained, Outcome.Contained, Outcome.Contained);

    /// <summary>Landlock says nothing of it.</summary>
    internal static readonly Weaker SeccompHolds = new(Outcome.Contained, Outcome.Done, Outcome.Contained, Outcome.Done);

    /// <summary>Landlock stops it from version 3 on.</summary>
    internal static readonly Weaker NewerLandlockHolds = new(Outcome.Contained, Outcome.Contained, Outcome.Contained, Outcome.Done);
}

/// <summary>How a sandbox is built for the attacks.</summary>
internal enum Configuration
{
    /// <summary>All layers.</summary>
    Full,

    /// <summary>Landlock is off.</summary>
    NoLandlock,

    /// <summary>The filter is off, and the supervisor with it.</summary>
    NoSeccomp,

    /// <summary>Landlock 2.</summary>
    Old,

    /// <summary>Landlock 2, and the filter is off.</summary>
    OldAlone,
}
