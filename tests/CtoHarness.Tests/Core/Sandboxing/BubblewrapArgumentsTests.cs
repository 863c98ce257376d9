using System.Collections.Immutable;
using CtoHarness.Core.Sandboxing;

namespace CtoHarness.Tests.Core.Sandboxing;

[Trait("Mission", "M11")]
public sealed class BubblewrapArgumentsTests
{
    [Fact]
    public void The_command_line_for_root_takes_on_a_foreign_user_first() =>
        Approved.Matches("bubblewrap.root", Lines(SamplePolicies.ForRoot));

    [Fact]
    public void The_command_line_for_an_ordinary_user_stays_that_user() =>
        Approved.Matches("bubblewrap.user", Lines(SamplePolicies.ForUser));

    [Fact]
    public void A_confined_program_is_started_by_sandbox_init_with_all_that_it_is_to_lay_down() =>
        Approved.Matches("bubblewrap.confined", string.Concat(BubblewrapArguments.For(
            SamplePolicies.Tools,
            SamplePolicies.ForRoot with
            {
                Init = new InitPlace("/var/lib/cto-harness/init", "/usr/share/dotnet"),
                Confinement = new Confinement(7, ["/work", "/tmp"], ["/dev/null"], [new BpfInstruction(6, 0, 0, SeccompFilter.Allow)], true, 8123),
            },
            SamplePolicies.Command, 3, 4).Select(word => word + "\n")));

    [Fact]
    public void The_engines_variables_win_over_the_sandboxs()
    {
        var list = Arguments(SamplePolicies.ForRoot);
        var home = list.IndexOf("HOME");
        Assert.Equal("/elsewhere", list[home + 1]);
        Assert.Equal(home, list.LastIndexOf("HOME"));
    }

    [Fact]
    public void No_variable_of_the_person_who_asks_comes_in() =>
        Assert.True(Arguments(SamplePolicies.ForUser).IndexOf("--clearenv") < Arguments(SamplePolicies.ForUser).IndexOf("--setenv"));

    [Fact]
    public void The_same_policy_gives_the_same_command_line_in_whatever_order_it_was_made()
    {
        var policy = SamplePolicies.ForUser;
        var shuffled = policy with
        {
            MaskedFolders = [.. policy.MaskedFolders.Reverse()],
            MaskedFiles = [.. policy.MaskedFiles.Reverse()],
            Binds = [.. policy.Binds.Reverse()],
        };
        Assert.Equal(Arguments(policy).ToArray(), Arguments(shuffled).ToArray());
    }

    [Fact]
    public void A_folder_whose_name_only_begins_like_a_masked_one_is_masked_itself()
    {
        var list = Arguments(SamplePolicies.ForUser with { MaskedFolders = ["/a", "/a-b", "/a/c"], MaskedFiles = [], Binds = [] });
        Assert.Equal(["/a", "/a-b"], list.Where((_, i) => i > 0 && list[i - 1] == "--remount-ro" && list[i] != "/dev"));
    }

    [Fact]
    public void Everything_that_a_lane_writes_to_is_bound_writable_and_nothing_else()
    {
        var list = Arguments(SamplePolicies.ForRoot);
        var options = list.Take(list.LastIndexOf("--chdir")).ToList();
        Assert.Equal(
            SamplePolicies.ForRoot.Binds.Where(bind => bind.Writable).Select(bind => bind.Place).Order(StringComparer.Ordinal),
            options.Select((word, i) => (word, i)).Where(at => at.word == "--bind").Select(at => options[at.i + 2]));
    }

    [Theory]
    [InlineData("/tmp")]
    public void A_writable_folder_at_the_place_of_a_mask_stays_writable(string place)
    {
        var list = Arguments(SamplePolicies.ForUser with { MaskedFolders = [place], MaskedFiles = [], Binds = [new SandboxBind("/lane/tmp", place, true)] });
        Assert.DoesNotContain(
            Enumerable.Range(1, list.Length - 1),
            i => list[i - 1] == "--remount-ro" && list[i] == place && i > list.IndexOf("--bind"));
    }

    private static string Lines(SandboxPolicy policy) => string.Concat(Arguments(policy).Select(word => word + "\n"));

    private static ImmutableArray<string> Arguments(SandboxPolicy policy) =>
        BubblewrapArguments.For(SamplePolicies.Tools, policy, SamplePolicies.Command, 7);
}
