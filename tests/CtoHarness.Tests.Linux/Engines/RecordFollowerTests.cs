using System.Text;
using CtoHarness.Core.Trees;
using CtoHarness.Runtime.Engines;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Engines;

/// <summary>The backend owns every name on the way to its records.</summary>
[Trait("Mission", "M14")]
public sealed class RecordFollowerTests : IDisposable
{
    private const long Limit = 1 << 20;
    private readonly TempRoot _root = new();
    private readonly MemoryStream _kept = new();

    public RecordFollowerTests()
    {
        Directory.CreateDirectory(_root.At("ws/.a/events"));
        _root.Write("outside.jsonl", "secret\n");
    }

    private string Kept => Encoding.UTF8.GetString(_kept.ToArray());

    public void Dispose()
    {
        _kept.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void What_is_appended_while_it_follows_is_kept_as_it_comes()
    {
        using var follower = Follow();
        Append("1.jsonl", "{\"a\":1}\n{\"b\"");
        Await(() => _kept.Length == 12);
        Append("1.jsonl", ":2}\n");
        var followed = follower.Finish();
        Assert.Equal("{\"a\":1}\n{\"b\":2}\n", Kept);
        Assert.Equal((16L, 0L, ""), (followed.Kept, followed.Cut, followed.Trouble));
        Assert.Equal(".a/events/1.jsonl", Assert.Single(followed.Files).Path.ToString());
    }

    [Fact]
    public void What_is_only_there_at_the_end_is_kept_too()
    {
        using var follower = Follow();
        Append("1.jsonl", "a\n");
        follower.Finish();
        Assert.Equal("a\n", Kept);
    }

    [Fact]
    public void Of_several_files_lines_never_run_together()
    {
        using var follower = Follow();
        Append("2.jsonl", "two");
        Await(() => _kept.Length == 3);
        Append("1.jsonl", "one\n");
        Append("other.txt", "other\n");
        var followed = follower.Finish();
        Assert.Equal("two\none\n", Kept);
        Assert.Equal([".a/events/2.jsonl", ".a/events/1.jsonl"], followed.Files.Select(file => file.Path.ToString()));
    }

    [Fact]
    public void A_file_that_became_shorter_or_was_replaced_is_read_from_its_new_start_and_that_is_noted()
    {
        using var follower = Follow();
        Append("1.jsonl", "first");
        Await(() => _kept.Length == 5);
        _root.Write("ws/.a/events/1.jsonl", "x\n");
        Await(() => Kept.Contains('x', StringComparison.Ordinal));
        _root.Write("ws/.a/events/new", "replaced\n");
        File.Move(_root.At("ws/.a/events/new"), _root.At("ws/.a/events/1.jsonl"), overwrite: true);
        var followed = follower.Finish();
        Assert.Equal("first\nx\nreplaced\n", Kept);
        Assert.Equal(2, Assert.Single(followed.Files).Restarts);
    }

    [Fact]
    public void What_is_beyond_the_limit_is_counted()
    {
        using var follower = Follow();
        Append("1.jsonl", new string('x', (int)Limit + 5));
        Append("2.jsonl", "two");
        var followed = follower.Finish();
        Assert.Equal((Limit, Limit), (_kept.Length, followed.Kept));
        Assert.Equal(8, followed.Cut);
    }

    [Fact]
    public void A_hole_as_large_as_a_disk_is_counted_and_not_read()
    {
        using var follower = Follow();
        using (var file = new FileStream(_root.At("ws/.a/events/1.jsonl"), FileMode.Create))
        {
            file.SetLength(1L << 40);
        }

        var followed = follower.Finish();
        Assert.Equal((Limit, (1L << 40) - Limit), (followed.Kept, followed.Cut));
    }

    [Fact]
    public void Nothing_is_read_through_a_link_and_nothing_that_is_no_file()
    {
        File.CreateSymbolicLink(_root.At("ws/.a/events/1.jsonl"), _root.At("outside.jsonl"));
        Tool.Run("/usr/bin/mkfifo", _root.At("ws/.a/events/2.jsonl"));
        Directory.CreateDirectory(_root.At("ws/.a/events/3.jsonl"));
        File.CreateSymbolicLink(_root.At("ws/.a/events/4.jsonl"), "4.jsonl");
        using var follower = Follow();
        var followed = follower.Finish();
        Assert.Empty(followed.Files);
        Assert.Equal("", Kept);
    }

    [Theory]
    [InlineData("ws/.a/events")]
    [InlineData("ws/.a")]
    public void Nothing_is_read_through_a_folder_that_is_a_link(string folder)
    {
        _root.Write("elsewhere/events/1.jsonl", "secret\n");
        Directory.Delete(_root.At("ws/.a"), recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(_root.At(folder))!);
        File.CreateSymbolicLink(_root.At(folder), _root.At(folder.EndsWith("events", StringComparison.Ordinal) ? "elsewhere/events" : "elsewhere"));
        Assert.Equal("secret\n", File.ReadAllText(_root.At("ws/.a/events/1.jsonl"))); // the control: there is something behind it
        using var follower = Follow();
        follower.Finish();
        Assert.Equal("", Kept);
    }

    [Theory]
    [InlineData("rm -rf ws")]
    [InlineData("rm -rf ws/.a && : > ws/.a")]
    [InlineData("chmod 0 ws/.a/events")]
    [InlineData("rm -rf ws/.a/events && mkfifo ws/.a/events")]
    [InlineData("rm ws/.a/events/1.jsonl")]
    public void Whatever_becomes_of_the_folders_what_was_read_is_kept(string act)
    {
        Append("1.jsonl", "a\n");
        using var follower = Follow();
        Await(() => _kept.Length == 2);
        Tool.Run("/bin/sh", "-c", $"cd '{_root.Folder}' && {act}");
        var followed = follower.Finish();
        Assert.Equal("a\n", Kept);
        Assert.Equal("", followed.Trouble);
        Assert.Single(followed.Files);
    }

    [Fact]
    public void While_everything_is_exchanged_without_rest_it_goes_on_and_ends()
    {
        using var follower = Follow();
        Tool.Run("/bin/sh", "-c", $$"""
            cd '{{_root.At("ws/.a")}}'
            i=0
            while [ $i -lt 300 ]; do
                i=$((i + 1))
                echo "line $i" >> events/$((i % 7)).jsonl
                case $((i % 5)) in
                    0) mv events old; ln -s "{{_root.Folder}}" events; rm events; mv old events ;;
                    1) rm -f events/1.jsonl; mkfifo events/1.jsonl; rm events/1.jsonl ;;
                    2) rm -f events/2.jsonl; ln -s "{{_root.At("outside.jsonl")}}" events/2.jsonl; rm events/2.jsonl ;;
                    3) : > events/3.jsonl ;;
                    4) mkdir events/d; mv events/4.jsonl events/d/ 2>/dev/null; rm -rf events/d ;;
                esac
            done
            """);
        var followed = follower.Finish();
        Assert.DoesNotContain("secret", Kept, StringComparison.Ordinal);
        Assert.All(Kept.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("line ", line, StringComparison.Ordinal));
        Assert.Equal("", followed.Trouble);
    }

    [Fact]
    public void More_files_than_are_followed_are_counted()
    {
        for (var i = 0; i < RecordFollower.MostFiles + 3; i++)
        {
            Append($"{i}.jsonl", "x\n");
        }

        using var follower = Follow();
        var followed = follower.Finish();
        Assert.Equal((RecordFollower.MostFiles, RecordFollower.MostFiles * 2L), (followed.Files.Length, _kept.Length));
        Assert.True(followed.NotFollowed >= 3);
    }

    [Fact]
    public void A_full_disk_is_trouble_and_no_end()
    {
        Append("1.jsonl", "a\n");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var follower = new RecordFollower(_root.At("ws"), Pattern(".a/events/*.jsonl"), full, Limit);
        var followed = follower.Finish();
        Assert.NotEqual("", followed.Trouble);
        Assert.Equal(2, followed.Kept + followed.Cut);
    }

    [Fact]
    public void A_name_without_a_star_is_that_one_file()
    {
        Append("1.jsonl", "a\n");
        Append("2.jsonl", "b\n");
        using var follower = new RecordFollower(_root.At("ws"), Pattern("*/events/2.jsonl"), _kept, Limit);
        follower.Finish();
        Assert.Equal("b\n", Kept);
    }

    private RecordFollower Follow() => new(_root.At("ws"), Pattern(".a/events/*.jsonl"), _kept, Limit);

    private static PathPattern Pattern(string text) => PathPattern.TryParse(text, out var pattern) ? pattern! : throw new ArgumentException(text, nameof(text));

    private void Append(string name, string text) => File.AppendAllText(_root.At("ws/.a/events/" + name), text);

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)));
}
