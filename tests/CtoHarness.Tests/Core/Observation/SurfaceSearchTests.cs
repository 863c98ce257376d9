using System.Globalization;
using System.Text;
using CtoHarness.Core.Observation;
using FsCheck.Fluent;

namespace CtoHarness.Tests.Core.Observation;

[Trait("Mission", "M13")]
public sealed class SurfaceSearchTests
{
    [Theory]
    [InlineData("/srv/target")]
    [InlineData("see /srv/target.")]
    [InlineData("(/srv/target)")]
    [InlineData("/srv/target/src/main.c:12:3")]
    [InlineData("//srv//target")]
    [InlineData("/srv/./target/")]
    [InlineData("/usr/../srv/target")]
    [InlineData("/srv/other/../target/x")]
    [InlineData("cd /srv/target; ls")]
    [InlineData("ROOT=/srv/target")]
    [InlineData("export ROOT='/srv/target'")]
    [InlineData("--root=/srv/target")]
    [InlineData("-I/srv/target/include")]
    [InlineData("-I../../../srv/target")]
    [InlineData("PATH=/usr/bin:/srv/target/bin:/bin")]
    [InlineData("/usr/bin:/srv/target")]
    [InlineData("a,/srv/target,b")]
    [InlineData("\"/srv/target\"")]
    [InlineData("`/srv/target`")]
    [InlineData("</srv/target>")]
    [InlineData("2>/srv/target/log")]
    [InlineData("me@host:/srv/target")]
    [InlineData("file:///srv/target")]
    [InlineData("file://localhost/srv/target")]
    [InlineData("git+file:///srv/target/.git")]
    [InlineData("ssh://localhost/srv/target")]
    [InlineData("https://host/?path=/srv/target")]
    [InlineData("https://host/?path=%2Fsrv%2Ftarget")]
    [InlineData("%2fsrv%2ftarget")]
    [InlineData("%252Fsrv%252Ftarget")]
    [InlineData("\"\\/srv\\/target\"")]
    [InlineData("\"\\u002fsrv\\u002Ftarget\"")]
    [InlineData("\"{\\\"path\\\": \\\"\\\\/srv\\\\/target\\\"}\"")]
    [InlineData("'\\x2fsrv\\x2ftarget'")]
    [InlineData("'\\057srv\\057target'")]
    [InlineData("'\\u{2f}srv\\U0000002Ftarget'")]
    [InlineData("&#47;srv&#x2f;target&sol;x")]
    [InlineData("/srv/\\\ntarget")]
    [InlineData("\"one\\n/srv/target\"")]
    [InlineData("#!/srv/target/bin/python")]
    [InlineData("+/srv/target/x")]
    [InlineData("$TARGET/x")]
    [InlineData("${TARGET}")]
    [InlineData("\"${BASE}/target\"")]
    [InlineData("$(BASE)/target")]
    [InlineData("${NOBODY:-/srv/target}/x")]
    [InlineData("$NOBODY/srv/target")]
    [InlineData("$LIST")]
    [InlineData("~deploy/x")]
    [InlineData("~/../../../srv/target")]
    [InlineData("../../../srv/target")]
    [InlineData("gitdir: ../../../../srv/target/.git/worktrees/x")]
    [InlineData("srv/target/x")]
    [InlineData("./srv/target")]
    [InlineData("/opt/link")]
    [InlineData("/opt/inner/x")]
    [InlineData("/opt/folder/target")]
    [InlineData("\"/opt/my link/x\"")]
    [InlineData("/opt/my\\ link/x")]
    [InlineData("worktree = /opt/my link")]
    [InlineData("/opt/my%20link")]
    [InlineData("/mnt/twin/x")]
    [InlineData("x\0/srv/target\0y")]
    [InlineData("/\0s\0r\0v\0/\0t\0a\0r\0g\0e\0t\0")]
    public void A_text_that_leads_to_the_target_is_found(string text) => Assert.NotEmpty(SomeSurface.Search(text, SomeSurface.Target));

    [Theory]
    [InlineData("/srv/target2")]
    [InlineData("/srv/target-old/x")]
    [InlineData("/srv/target.bak")]
    [InlineData("/srv/target~")]
    [InlineData("/srv/targe")]
    [InlineData("/srv")]
    [InlineData("/")]
    [InlineData("/srv/")]
    [InlineData("/srv/Target")]
    [InlineData("/home/srv/target")]
    [InlineData("lib/srv/target")]
    [InlineData("mysrv/target")]
    [InlineData("https://host/srv/target")]
    [InlineData("wss://host:80/srv/target")]
    [InlineData("/srv/target/../other")]
    [InlineData("/srv/target/../target2")]
    [InlineData("${TARGET}2")]
    [InlineData("$TARGET2")]
    [InlineData("~deployer/x")]
    [InlineData("~/target")]
    [InlineData("../target")]
    [InlineData("target")]
    [InlineData("/opt/linked")]
    [InlineData("/opt/folder/target2")]
    [InlineData("/opt/my linked")]
    [InlineData("s/srv/target/other/")]
    [InlineData("srv target")]
    [InlineData("// srv/target2")]
    [InlineData("")]
    public void A_near_miss_is_not(string text) => Assert.Empty(SomeSurface.Search(text, SomeSurface.Target));

    [Theory]
    [InlineData("/srv/my target", "see /srv/my target, please")]
    [InlineData("/srv/my target", "/srv/my\\ target/x")]
    [InlineData("/srv/a,b", "cd /srv/a,b")]
    [InlineData("/srv/a:b", "PATH=/bin:/srv/a:b")]
    [InlineData("/srv/a(1)", "open('/srv/a(1)/x')")]
    [InlineData("/srv/it's", "\"/srv/it's\"")]
    [InlineData("/srv/ünï", "x=/srv/ünï")]
    [InlineData("/srv/ünï", "\"/srv/\\u00fcn\\u00EF\"")]
    [InlineData("/srv/😀", "\"/srv/\\ud83d\\ude00\"")]
    public void A_target_with_an_odd_name_is_found(string target, string text) => Assert.NotEmpty(SomeSurface.Search(text, target));

    [Theory]
    [InlineData("/srv/my target", "/srv/my targets")]
    [InlineData("/srv/a,b", "/srv/a,bc")]
    [InlineData("/srv/a(1)", "x/srv/a(1)")]
    public void And_not_where_the_name_goes_on(string target, string text) => Assert.Empty(SomeSurface.Search(text, target));

    [Fact]
    public void What_was_found_tells_the_place_the_words_and_the_target()
    {
        Assert.Equal("text: /srv/target/x names the target /srv/target", Assert.Single(SomeSurface.Search("/srv/target/x", SomeSurface.Target)));
        Assert.Contains("text: /opt/link leads to the target /srv/target", SomeSurface.Search("/opt/link", SomeSurface.Target));
    }

    [Theory]
    [InlineData("/home/someone/repo")]
    [InlineData("--root=/srv/x")]
    [InlineData("/usr/../srv/x")]
    [InlineData("file:///home/someone")]
    [InlineData("\"\\/opt\\/x\"")]
    [InlineData("~deploy/x")]
    [InlineData("host:/var/lib/x")]
    [InlineData("/laneb/x")]
    public void Without_a_target_a_path_that_is_not_the_runs_own_is_found(string text) => Assert.NotEmpty(SomeSurface.Search(text));

    [Theory]
    [InlineData("/usr/bin/python3 -I /etc/x /tmp /var/tmp/x /dev/null /bin/sh")]
    [InlineData("/lane/root/workspace/x")]
    [InlineData("$HOME/x ~/x ${HOME}")]
    [InlineData("a/b ../x ./y **/__pycache__/** s/a/b/")]
    [InlineData("https://host/home/someone")]
    [InlineData("/")]
    public void And_what_is_its_own_is_not(string text) => Assert.Empty(SomeSurface.Search(text));

    [Theory]
    [InlineData("/home/someone/repo", true)]
    [InlineData("x = '/srv/x'", true)]
    [InlineData("/opt/app/run", true)]
    [InlineData("fetch('/api/users/1')", false)]
    [InlineData("//home/x is a comment", false)]
    [InlineData("// a comment /* and another */", false)]
    [InlineData("text.split(/\\r?\\n/)", false)]
    [InlineData("/^[a-z]/home/x", false)]
    [InlineData("text.match(/home/)", false)]
    [InlineData("</home>", false)]
    [InlineData("https://host/home/x", false)]
    [InlineData("a / b / c", false)]
    public void In_a_fixtures_files_only_what_most_likely_is_a_path_of_a_machine_counts(string text, bool found) =>
        Assert.Equal(found, SomeSurface.Search(Encoding.UTF8.GetBytes(text), strict: false).Length > 0);

    [Fact]
    public void One_argument_counts_as_a_whole_too()
    {
        var search = new SurfaceSearch(SomeSurface.Places("/srv/x y"), strict: true);
        search.AddValue("argument", "/srv/x y/z");
        search.AddValue("empty", "");
        Assert.Equal(["argument: /srv/x y names the target /srv/x y", "argument: /srv/x y/z names the target /srv/x y"], search.Found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Wherever_it_stands_among_any_words_it_is_found() =>
        Law.Holds(
            Gen.Zip(Some.Glued("a/b ", "/usr/bin ", "$X ", "\\n", "\"", "%20", "${", "../", "::", "=", "\0", "é", "'x' "), Some.Glued(" z", "\n", "/", "'", "\\", "$", ")")),
            pair => SomeSurface.Search([.. pair.Item1, .. "\n /srv/target/x \n"u8, .. pair.Item2], SomeSurface.Target).Length > 0);

    [Fact]
    public void It_ends_on_whatever_bytes() =>
        Law.Ends(Gen.OneOf(Some.Bytes, Some.Text.Select(Encoding.UTF8.GetBytes), Some.Glued("\\u", "002f", "%2", "F", "${", "$(", "}", "://", "file", "~", "/", "..", "\\", "\ud83d", "=", ":", " ", "'")), bytes =>
        {
            SomeSurface.Search(bytes, SomeSurface.Target);
            SomeSurface.Search(bytes);
        }, 500);

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(1_048_570)]
    [InlineData(1_048_576)]
    [InlineData(3_200_003)]
    public void A_long_text_is_searched_to_its_end_and_across_its_parts(int length)
    {
        foreach (var filling in new[] { "x", "word \n", "a=b," })
        {
            var before = string.Concat(Enumerable.Repeat(filling, length / filling.Length));
            Assert.NotEmpty(SomeSurface.Search(before + " /srv/target\n" + before, SomeSurface.Target));
            Assert.NotEmpty(SomeSurface.Search(before + "\"\\/srv\\/target\"" + before, SomeSurface.Target));
            Assert.Empty(SomeSurface.Search(before + "x/srv/target2" + before, SomeSurface.Target));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("\\")]
    [InlineData("../")]
    [InlineData("'/")]
    [InlineData("$a/")]
    [InlineData("${")]
    [InlineData("a://b/c,")]
    [InlineData("%2f")]
    [InlineData("/:")]
    [InlineData("=$a/:")]
    [InlineData("/a /a b\n")]
    public void A_hostile_text_ends_within_the_bound_of_what_is_looked_up(string piece)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, (8 << 20) / piece.Length)));
        Assert.InRange(SomeSurface.Lookups(text, SomeSurface.Target), 0, SurfaceSearch.MostPaths);
    }

    [Fact]
    public void A_hundred_megabytes_of_slashes_end_and_what_stands_behind_them_is_found()
    {
        var text = new byte[100_000_000];
        text.AsSpan().Fill((byte)'/');
        "srv/target"u8.CopyTo(text.AsSpan(text.Length - 10));
        Assert.NotEmpty(SomeSurface.Search([.. "'"u8, .. text.AsSpan(60_000_000), .. "'"u8], SomeSurface.Target));
        Assert.InRange(SomeSurface.Lookups(text, SomeSurface.Target), 0, SurfaceSearch.MostPaths);
    }

    [Fact]
    public void More_words_than_can_be_looked_up_are_refused_which_is_no_pass()
    {
        var text = new StringBuilder();
        for (var number = 0; number < 500_000; number++)
        {
            text.Append(CultureInfo.InvariantCulture, $"/usr/{number} ");
        }

        Assert.StartsWith("not searched to the end: ", Assert.Single(SomeSurface.Search(text.ToString(), SomeSurface.Target)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/w/run-1", true)]
    [InlineData("/w/run-1/subject/root", true)]
    [InlineData("/w/run-10", false)]
    [InlineData("/w/run-1.old/x", false)]
    [InlineData("/x/w/run-1", false)]
    [InlineData("/w", false)]
    [InlineData("", false)]
    public void A_path_lies_in_a_folder_by_whole_names(string path, bool lies) => Assert.Equal(lies, PathPlaces.IsAt(path, "/w/run-1"));
}
