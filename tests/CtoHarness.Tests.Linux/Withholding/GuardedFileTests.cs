using System.Text;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Withholding;
using CtoHarness.Runtime.Storage;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Withholding;

[Trait("Mission", "M20")]
public sealed class GuardedFileTests : IDisposable
{
    private const string Value = "plain-token-value";
    private readonly TempRoot _root = new();
    private readonly BundleFolder _bundle;

    public GuardedFileTests()
    {
        Assert.True(TaskId.TryParse(TempRoot.Fixture, out var task));
        _bundle = BundleFolder.Reserve(_root.Runs, DateTimeOffset.UnixEpoch, task);
        _bundle.Withhold(ValueSearch.Of([new WithheldValue("TOKEN", Encoding.UTF8.GetBytes(Value))]));
    }

    public void Dispose()
    {
        _bundle.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void What_programs_print_is_kept_without_the_value_and_the_file_is_named()
    {
        using (var file = _bundle.Create("test.log"))
        {
            foreach (var letter in $"a {Value} b")
            {
                file.Write([(byte)letter]);
                file.Flush();
                Assert.DoesNotContain("plain", File.ReadAllText(_bundle.PathOf("test.log")), StringComparison.Ordinal);
            }
        }

        Assert.Equal("a [withheld:TOKEN] b", File.ReadAllText(_bundle.PathOf("test.log")));
        Assert.Equal("test.log", Assert.Single(_bundle.Replaced).File);
    }

    [Theory]
    [InlineData("verification.jsonl")]
    [InlineData("contract.json")]
    [InlineData("anything/of/tomorrow")]
    public void A_file_of_another_kind_is_refused_and_nothing_of_it_stays(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_bundle.PathOf(name))!);
        var refused = Assert.Throws<IOException>(() => _bundle.Write(name, Encoding.UTF8.GetBytes($"{{\"x\": \"{Value}\"}}")));
        Assert.Contains($"the value of the variable TOKEN would stand in {name}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_bundle.PathOf(name)));
        _bundle.Write(name, "no value"u8);
        Assert.Equal("no value", File.ReadAllText(_bundle.PathOf(name)));
    }

    [Fact]
    public void A_value_at_the_very_end_that_could_have_been_a_longer_one_is_refused_too()
    {
        _bundle.Withhold(ValueSearch.Of([new WithheldValue("TOKEN", Encoding.UTF8.GetBytes(Value)), new WithheldValue("OTHER", Encoding.UTF8.GetBytes(Value + "-and-more"))]));
        var file = _bundle.Create("policy.json");
        file.Write(Encoding.UTF8.GetBytes(Value));
        Assert.Throws<IOException>(file.Dispose);
        Assert.False(File.Exists(_bundle.PathOf("policy.json")));
    }

    [Theory]
    [InlineData("fixture/notes.txt", 0)]
    [InlineData("backend/raw/00001-notes.txt", (256 << 10) - 5)]
    [InlineData("controls/noop/report.json", (512 << 10) - 1)]
    public void A_value_that_came_in_on_another_way_is_found_before_the_bundle_has_its_name(string name, int before)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_bundle.PathOf(name))!);
        File.WriteAllText(_bundle.PathOf(name), new string('.', before) + Value);
        var refused = Assert.Throws<IOException>(() => _bundle.Publish(_root.Runs));
        Assert.Contains($"TOKEN would stand in {name}", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_bundle.Final));
        File.WriteAllText(_bundle.PathOf(name), new string('.', before) + Value[..^1]);
        _bundle.Publish(_root.Runs);
        Assert.True(Directory.Exists(_bundle.Final));
    }

    [Fact]
    public void A_name_in_the_bundle_is_looked_at_too()
    {
        File.WriteAllText(_bundle.PathOf($"x-{Value}.txt"), "");
        var refused = Assert.Throws<IOException>(() => _bundle.Publish(_root.Runs));
        Assert.Contains("x-[withheld:TOKEN].txt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lanes_of_a_run_withhold_the_same()
    {
        using var part = _bundle.Part("baseline");
        Assert.Throws<IOException>(() => part.Write("engine.json", Encoding.UTF8.GetBytes(Value)));
    }
}
