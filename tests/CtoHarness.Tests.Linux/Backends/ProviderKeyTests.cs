using System.Text;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The provider's key is nowhere but in what the provider is asked: searched for while the run goes on, and afterwards.</summary>
[Trait("Mission", "M10")]
public sealed class ProviderKeyTests
{
    // What a sandbox shows of every process in it, of its home, and of its workspace.
    private const string Search = """
        k=$(printf 'sk-3rT9uVb%s' 'Q7xLm2Wd8NcKp5Zf1')
        for f in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do tr '\0' '\n' < "$f" 2>/dev/null | grep -F -- "$k" && echo FOU''ND in $f; done
        grep -rIlF -- "$k" "$HOME" . /tmp /var/tmp /dev/shm 2>/dev/null && echo FOU''ND in files
        env | grep -F -- "$k" && echo FOU''ND in env
        echo searched
        """;

    [Fact]
    public void Nothing_that_the_backend_can_see_has_it_and_no_program_of_the_run_is_given_it()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Scripts.Of(Slugify.EditRight, Turns.Bash(Search), Turns.Hang()));
        root.Limit("idle_seconds", 2);
        using var running = root.PiOnce(provider.Url, "--timeout", "30").Start();
        Assert.True(SpinWait.SpinUntil(() => provider.Calls >= 3, TimeSpan.FromSeconds(60)), "the backend did not come so far");
        Assert.All(Living(root.Marker, running.Id), process => Assert.DoesNotContain(AgentRuns.Key, process, StringComparison.Ordinal));
        var bundle = running.Wait().Came("inconclusive", "provider", "provider-unavailable");
        var told = provider.Asked.Last(request => request.Method == "POST").Body;
        Assert.Contains("searched", told, StringComparison.Ordinal);
        Assert.DoesNotContain("FOUND", told, StringComparison.Ordinal);
        AssertNowhere(root, bundle);
    }

    [Fact]
    public void A_provider_that_repeats_it_hands_it_to_nobody()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Scripts.Of(
            Turns.Say($"Your key is {AgentRuns.Key}.\n"), Turns.Say("done")));
        var bundle = root.Pi(provider.Url).Run().Came("fail", "backend", "no-diff");
        Assert.Contains("[withheld:", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        AssertNowhere(root, bundle);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("400")]
    public void Nor_does_one_that_repeats_it_in_an_error(string status)
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(Scripts.Of(Turns.Status(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), $"bad key {AgentRuns.Key}")));
        AssertNowhere(root, root.PiOnce(provider.Url).Run().Came("inconclusive", "provider", "provider-unavailable"));
    }

    [Fact]
    public void Without_it_nothing_starts_and_the_message_says_which_variable_is_missing()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.Ok.Script);
        var bundle = root.Pi(provider.Url).Set(AgentRuns.KeyVariable, "").Run().Came("blocked", "provider", "provider-unavailable");
        Assert.Contains(AgentRuns.KeyVariable, bundle.Messages, StringComparison.Ordinal);
        Assert.Empty(provider.Asked);
    }

    [Fact]
    public void A_file_that_others_may_read_is_no_place_for_it()
    {
        using var root = new TempRoot();
        using var provider = AgentRuns.Provider(PiScenarios.Ok.Script);
        var command = root.Pi(provider.Url);
        root.Write("home/key", AgentRuns.Key + "\n");
        root.Edit("home/.config/cto-harness/models.yaml", $"key_env: {AgentRuns.KeyVariable}", $"key_file: {root.At("home/key")}");
        Tool.Run("/bin/chmod", "644", root.At("home/key"));
        Assert.Contains("chmod 600", command.Run().Came("blocked", "provider", "provider-unavailable").Messages, StringComparison.Ordinal);
        Tool.Run("/bin/chmod", "600", root.At("home/key"));
        Directory.Delete(root.Runs, recursive: true);
        AssertNowhere(root, command.Set(AgentRuns.KeyVariable, "another-value-of-it").Run().Came("pass", "none", ""), except: root.At("home/key"));
    }

    private static void AssertNowhere(TempRoot root, Bundle bundle, string except = "")
    {
        var key = Encoding.UTF8.GetBytes(AgentRuns.Key);
        var encoded = Encoding.UTF8.GetBytes(Convert.ToBase64String(key)[..24]);
        foreach (var file in Directory.EnumerateFiles(root.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Where(file => file != except))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.True(bytes.AsSpan().IndexOf(key) < 0 && bytes.AsSpan().IndexOf(encoded) < 0, $"the key stands in {file}");
        }

        Assert.True(File.Exists(bundle.At("backend/model-traffic.jsonl")));
    }

    // The command line and the environment of every process of the run but the harness itself, which was given the variable.
    private static List<string> Living(string marker, int harness)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var id) && id != harness))
        {
            try
            {
                var all = File.ReadAllText(Path.Combine(folder, "cmdline")) + File.ReadAllText(Path.Combine(folder, "environ"));
                if (all.Contains(marker, StringComparison.Ordinal))
                {
                    found.Add(all);
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // it ended meanwhile
            }
        }

        Assert.True(found.Count > 2, "no process of the run was found");
        return found;
    }
}
