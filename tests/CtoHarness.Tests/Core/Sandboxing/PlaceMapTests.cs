using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Core.Sandboxing;

[Trait("Mission", "M11")]
public sealed class PlaceMapTests
{
    private static readonly PlaceMap Places = new(
        ["/state/work/run/root", "/tmp", "/dev/null"],
        [("/state", AttemptClass.Hidden), ("/run", AttemptClass.Hidden), ("/run/secrets", AttemptClass.Target), ("/home", AttemptClass.Home), ("/home/me/target", AttemptClass.Target), ("/srv/kept", AttemptClass.Protected), ("/tmp/target", AttemptClass.Target), ("/state/kept", AttemptClass.Protected), ("/state/kept/target", AttemptClass.Protected), ("/state/kept/target", AttemptClass.Target), ("/state/work/run/given", AttemptClass.Outside)]);

    [Theory]
    [InlineData("/state/work/run/root", true)]
    [InlineData("/state/work/run/root/a", true)]
    [InlineData("/state/work/run/rooted", false)]
    [InlineData("/state/work/run", false)]
    [InlineData("/tmp/x", true)]
    [InlineData("/tmp/target/x", false)]
    [InlineData("/dev/null", true)]
    [InlineData("/dev/nullx", false)]
    [InlineData("/", false)]
    public void A_path_is_inside_by_whole_names_and_by_the_deepest_place(string path, bool inside) => Assert.Equal(inside, Places.IsInside(path));

    [Theory]
    [InlineData("/home/me/x", true, AttemptClass.Home)]
    [InlineData("/home/me/target/x", true, AttemptClass.Target)]
    [InlineData("/home/me/target2", false, AttemptClass.Home)]
    [InlineData("/state/other", false, AttemptClass.Hidden)]
    [InlineData("/run", false, AttemptClass.Noise)]
    [InlineData("/run", true, AttemptClass.Hidden)]
    [InlineData("/run/userdb/64000.user", false, AttemptClass.Noise)]
    [InlineData("/run/userdb/64000.user", true, AttemptClass.Hidden)]
    [InlineData("/run/userdbx", false, AttemptClass.Hidden)]
    [InlineData("/run/docker.sock", false, AttemptClass.Hidden)]
    [InlineData("/run/secrets/key", false, AttemptClass.Target)]
    [InlineData("/srv/kept/x", true, AttemptClass.Protected)]
    [InlineData("/usr/lib/python3/__pycache__/a.pyc", true, AttemptClass.Noise)]
    [InlineData("/usr/lib/python3/a.pyc", true, AttemptClass.Outside)]
    [InlineData("/proc/12/oom_score_adj", true, AttemptClass.Noise)]
    [InlineData("/proc/12/mem", true, AttemptClass.Outside)]
    [InlineData("/home/me/__pycache__/a", true, AttemptClass.Home)]
    [InlineData("/state/kept/a", true, AttemptClass.Protected)]
    [InlineData("/state/kept/a", false, AttemptClass.Hidden)]
    [InlineData("/state/kept/target", true, AttemptClass.Target)]
    [InlineData("/state/work/run/given/a", true, AttemptClass.Outside)]
    public void What_lies_outside_has_the_class_of_the_deepest_place_around_it(string path, bool writes, AttemptClass wanted) =>
        Assert.Equal(wanted, Places.ClassOf(path, writes));

    [Theory]
    [InlineData("/srv", AttemptClass.Protected)]
    [InlineData("/", AttemptClass.Target)]
    [InlineData("/state/kept", AttemptClass.Protected)]
    [InlineData("/home/me", AttemptClass.Home)]
    [InlineData("/usr/bin", AttemptClass.Outside)]
    [InlineData("/sr", AttemptClass.Outside)]
    public void What_is_moved_takes_along_what_lies_in_it(string path, AttemptClass wanted) => Assert.Equal(wanted, Places.ClassOfWhole(path));

    [Theory]
    [InlineData("/usr/bin/python3", false)]
    [InlineData("/home/me/target", true)]
    [InlineData("/state/work/run/root/a", false)]
    [InlineData("/state/work/other/root/a", true)]
    [InlineData("/tmp/target", true)]
    [InlineData("/srv/kept/a", false)]
    [InlineData("/state/kept/a", true)]
    [InlineData("/state/work/run/given/a", false)]
    public void Reading_is_watched_only_in_places_with_a_class(string path, bool watched) => Assert.Equal(watched, Places.IsWatched(path));
}
