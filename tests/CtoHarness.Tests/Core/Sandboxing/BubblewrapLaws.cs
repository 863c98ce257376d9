using System.Collections.Immutable;
using CtoHarness.Core.Sandboxing;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Sandboxing;

/// <summary>Laws over any masks and binds, told by replaying the mounts of the command line.</summary>
[Trait("Mission", "M11")]
public sealed class BubblewrapLaws
{
    private static readonly Gen<string> Places =
        Gen.Elements("a", "b", "a-b", "c").NonEmptyListOf().Select(names => "/" + string.Join('/', names.Take(4)));

    private static readonly Gen<SandboxPolicy> Policies =
        from folders in Places.ArrayOf()
        from files in Places.ArrayOf()
        from binds in Places.SelectMany(place => Gen.Elements(true, false).Select(writable => new SandboxBind("/source" + place, place, writable))).ArrayOf()
        select SamplePolicies.ForUser with
        {
            MaskedFolders = [.. folders.Take(6)],
            MaskedFiles = [.. files.Except(folders).Take(3)],
            Binds = [.. binds.Where(bind => !folders.Contains(bind.Place) && !files.Contains(bind.Place)).DistinctBy(bind => bind.Place).Take(4)],
        };

    [Fact]
    public void What_lies_around_is_mounted_before_what_lies_inside() =>
        Law.Holds(Policies, policy => Mounts(policy) is var mounts && Enumerable.Range(0, mounts.Count).All(i => mounts.Skip(i).All(later => !IsBelow(mounts[i].Place, later.Place))), tries: 1000);

    [Fact]
    public void Every_mask_that_lies_in_no_other_is_made_read_only_at_the_end() =>
        Law.Holds(
            Policies,
            policy => Mounts(policy) is var mounts && Remounted(policy) is var closed
                && closed.SequenceEqual(mounts.Where(m => m.Option == "--tmpfs").Select(m => m.Place))
                && policy.MaskedFolders.Where(mask => !policy.MaskedFolders.Any(other => IsBelow(mask, other))).All(closed.Contains),
            tries: 1000);

    [Fact]
    public void No_masked_place_shows_what_was_there_unless_a_bind_put_it_back() =>
        Law.Holds(
            Policies,
            policy => policy.MaskedFolders.Concat(policy.MaskedFiles)
                .All(mask => Mounts(policy).Last(m => m.Place == mask || IsBelow(mask, m.Place)) is var seen
                    && (seen.Option == "--tmpfs" || seen.Source == "/dev/null")),
            tries: 1000);

    [Fact]
    public void Every_bind_is_there_with_its_own_access() =>
        Law.Holds(
            Policies,
            policy => policy.Binds.All(bind => Mounts(policy).Last(m => m.Place == bind.Place || IsBelow(bind.Place, m.Place))
                == new Seen(bind.Writable ? "--bind" : "--ro-bind", bind.Source, bind.Place)),
            tries: 1000);

    [Fact]
    public void What_follows_the_last_two_dashes_is_the_program_and_its_arguments_untouched() =>
        Law.Holds(
            Some.Text.ArrayOf(),
            words =>
            {
                var command = SamplePolicies.Command with { Arguments = [.. words] };
                var list = BubblewrapArguments.For(SamplePolicies.Tools, SamplePolicies.ForRoot, command, 7);
                var bubblewrap = list.IndexOf(SamplePolicies.Tools.Bubblewrap);
                var end = list.IndexOf("--", bubblewrap);
                return list.Skip(end + 1).SequenceEqual(["/usr/bin/env", "--default-signal", command.Program, .. words])
                    && list.Take(bubblewrap).Count(word => word == "--") == 2
                    && list[bubblewrap - 1] == "--";
            });

    [Fact]
    public void Every_mount_stands_before_the_two_dashes_and_after_the_root() =>
        Law.Holds(Policies, policy =>
        {
            var list = Arguments(policy);
            var root = list.IndexOf("--ro-bind");
            return list[root + 1] == "/" && list[root + 2] == "/" && list.IndexOf("--tmpfs") > root && list.IndexOf("--bind") is var bind && (bind < 0 || bind > root);
        });

    private sealed record Seen(string Option, string Source, string Place);

    private static ImmutableArray<string> Arguments(SandboxPolicy policy) =>
        BubblewrapArguments.For(SamplePolicies.Tools, policy, SamplePolicies.Command with { Arguments = [] }, 7);

    // The policy's own mounts: what stands between those that every sandbox has and the working folder.
    private static List<Seen> Mounts(SandboxPolicy policy)
    {
        var list = Arguments(policy).ToList();
        var at = list.LastIndexOf("/proc/sys") + 1;
        var mounts = new List<Seen>();
        while (list[at] is not ("--chdir" or "--remount-ro"))
        {
            var isMask = list[at] == "--tmpfs";
            mounts.Add(new Seen(list[at], isMask ? "" : list[at + 1], list[isMask ? at + 1 : at + 2]));
            at += isMask ? 2 : 3;
        }

        return mounts;
    }

    private static List<string> Remounted(SandboxPolicy policy)
    {
        var list = Arguments(policy).ToList();
        return [.. list.Select((word, i) => (word, i)).Where(at => at.word == "--remount-ro" && list[at.i + 1] != "/dev").Select(at => list[at.i + 1])];
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}
