using System.Globalization;
using CtoHarness.Core.Attestation;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>What somebody without the key can do to a bundle.</summary>
[Trait("Mission", "M20")]
[Collection(Made.Collection)]
public sealed class TamperedFilesTests(Made made)
{
    // With $OLDER another sealed bundle of the same task, by another key; ID and OLDID are the two runs' names.
    private static readonly Dictionary<string, (string Check, string Script)> Scripts = new()
    {
        ["a file more at the top"] = ("subjects", "echo > more"),
        ["an empty file more"] = ("subjects", ": > more"),
        ["a hidden file more"] = ("subjects", "echo > .more"),
        ["a file more in each folder"] = ("subjects", "find . -type d -exec sh -c ': > \"$1/more\"' sh {} \\;"),
        ["a file more in a folder of its own"] = ("subjects", "mkdir more; echo > more/more"),
        ["a second seal"] = ("subjects", "cp attestation.sigstore.json attestation-2.sigstore.json"),
        ["a seal in a lane"] = ("subjects", "cp attestation.sigstore.json controls/noop/"),
        ["an empty folder more"] = ("files", "mkdir more"),
        ["a link more"] = ("files", "ln -s report.json more"),
        ["a FIFO more"] = ("files", "mkfifo more"),
        ["a name with a line break"] = ("files", "printf x > \"$(printf 'a\\nb')\""),
        ["a name that is not UTF-8"] = ("files", "printf x > \"$(printf 'a\\377b')\""),
        ["two files changed places"] = ("subjects", "mv patch.diff x; mv test.log patch.diff; mv x test.log"),
        ["two lanes changed places"] = ("subjects", "mv controls/noop x; mv controls/cheat controls/noop; mv x controls/cheat"),
        ["a folder that is a link to what it was"] = ("files", "mv controls ../controls; ln -s ../controls controls"),
        ["the bundle lies one folder deeper"] = ("seal-form", "mkdir run; find . -mindepth 1 -maxdepth 1 ! -name run -exec mv {} run \\;"),
        ["the seal is gone"] = ("seal-form", "rm attestation.sigstore.json"),
        ["the seal is empty"] = ("seal-form", ": > attestation.sigstore.json"),
        ["the seal is a link"] = ("files", "mv attestation.sigstore.json ../seal; ln -s ../seal attestation.sigstore.json"),
        ["the seal of another run, whose key is not trusted"] = ("seal-key", "cp $OLDER/attestation.sigstore.json ."),
        ["the seal of another run, under the name of the trusted key"] = ("seal-signature", "sed \"s/$OLDKEY/$KEY/g\" $OLDER/attestation.sigstore.json > attestation.sigstore.json"),
        ["the files of another run under this seal"] = ("subjects", "find . -mindepth 1 ! -name attestation.sigstore.json -delete; cp -R $OLDER/. x; rm x/attestation.sigstore.json; mv x/* .; rmdir x"),
        ["an older bundle whose ids and times were rewritten"] = ("subjects", "cp attestation.sigstore.json ../seal; find . -mindepth 1 -delete; cp -R $OLDER/. .; cp ../seal attestation.sigstore.json; grep -rl $OLDID . | xargs sed -i \"s/$OLDID/$ID/g\""),
        ["the payload was changed"] = ("seal-signature", "p=$(sed -n 's/.*\"payload\": \"\\([^\"]*\\)\".*/\\1/p' attestation.sigstore.json); q=$(printf %s $p | base64 -d | sed 's/\"stage\":2/\"stage\":3/' | base64 -w0); [ $p != $q ]; sed -i \"s|$p|$q|\" attestation.sigstore.json"),
        ["the signature was changed"] = ("seal-signature", "sed -i '/\"sig\"/{s/\\(\"sig\": \".\\{30\\}\\)A/\\1C/;t;s/\\(\"sig\": \".\\{30\\}\\)./\\1A/}' attestation.sigstore.json"),
        ["the signature is gone"] = ("seal-form", "sed -i 's/\"sig\": \"[^\"]*\"/\"sig\": \"\"/' attestation.sigstore.json"),
        ["two signatures"] = ("seal-form", "sed -i 's/^        \"keyid\": \\(.*\\)$/        \"keyid\": \\1\\n      },\\n      {\\n        \"sig\": \"MAYCAQECAQE=\",\\n        \"keyid\": \\1/' attestation.sigstore.json; [ $(grep -c keyid attestation.sigstore.json) = 2 ]"),
        ["another type of payload"] = ("seal-form", "sed -i 's/vnd.in-toto/vnd.other/' attestation.sigstore.json"),
        ["another version of the bundle"] = ("seal-form", "sed -i 's/v0.3/v0.2/' attestation.sigstore.json"),
        ["another key is named beside the signature"] = ("seal-key", "sed -i \"s/\\\"keyid\\\": \\\"$KEY/\\\"keyid\\\": \\\"$OLDKEY/\" attestation.sigstore.json"),
        ["an unknown field in the seal"] = ("seal-form", "sed -i 's/\"dsseEnvelope\"/\"x\": 1,\\n  \"dsseEnvelope\"/' attestation.sigstore.json"),
        ["the seal ends in a space"] = ("seal-form", "printf ' ' >> attestation.sigstore.json"),
        ["the seal has Windows lines"] = ("seal-form", "sed -i 's/$/\\r/' attestation.sigstore.json"),
        ["the seal has a byte order mark"] = ("seal-form", "printf '\\357\\273\\277' > x; cat attestation.sigstore.json >> x; mv x attestation.sigstore.json"),
    };

    private static readonly Dictionary<string, Action<string, string>> Acts = new()
    {
        ["changed by one bit"] = (path, _) =>
        {
            var bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 4;
            File.WriteAllBytes(path, bytes);
        },
        ["gone"] = (path, _) =>
        {
            File.Delete(path);
            if (Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Length == 0)
            {
                Directory.Delete(Path.GetDirectoryName(path)!); // an empty folder would be odd by itself
            }
        },
        ["one byte longer"] = (path, _) => File.AppendAllText(path, "\n"),
        ["cut off"] = (path, _) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]),
        ["renamed"] = (path, _) => File.Move(path, path + "2"),
        ["a link to its own bytes"] = (path, aside) =>
        {
            File.Move(path, aside);
            File.CreateSymbolicLink(path, aside);
        },
        ["a FIFO"] = (path, _) =>
        {
            File.Delete(path);
            Tool.Run("/usr/bin/mkfifo", path);
        },
    };

    internal static IEnumerable<string> Checks => Scripts.Values.Select(one => one.Check);

    public static TheoryData<string> Names => [.. Scripts.Keys];

    public static TheoryData<string> ActNames => [.. Acts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_without_the_key_is_refused(string change)
    {
        using var copy = new Copy(made.Passing.Folder);
        var (check, script) = Scripts[change];
        var (mine, older) = (made.Passing, made.Older);
        Tool.Run("/usr/bin/env", $"KEY={mine.Key.Public.Id}", $"OLDKEY={older.Key.Public.Id}", $"OLDER={older.Folder}", $"ID={Path.GetFileName(mine.Folder)}", $"OLDID={Path.GetFileName(older.Folder)}",
            "/bin/sh", "-ec", $"cd \"$1\"; {script}", "sh", copy.Folder);
        AssertRefused(copy, check, change);
    }

    [Theory]
    [MemberData(nameof(ActNames))]
    public void Each_file_of_the_bundle_is_missed_or_seen_to_be_another(string act)
    {
        Assert.True(made.Tried.Files.Count > 40);
        foreach (var name in made.Tried.Files.Keys.Where(name => made.Tried.Files[name].Length > 0 || act is not ("changed by one bit" or "cut off")))
        {
            using var copy = new Copy(made.Tried.Folder, name);
            Acts[act](Path.Combine(copy.Folder, name), copy.Aside);
            var check = act is "a FIFO" or "a link to its own bytes" ? "files" : name == BundleFiles.Seal ? null : "subjects";
            AssertRefused(copy, check, $"{name} is {act}", made.Tried);
        }
    }

    [Fact]
    public void The_key_of_somebody_else_is_refused_even_under_the_name_of_the_trusted_one()
    {
        var forger = new Forger(made.Passing).Sealed(made.Older.Key);
        Assert.Equal("seal-key", forger.Review().Refusal!.Check);
        forger.Edit(BundleFiles.Seal, made.Older.Key.Public.Id, made.Passing.Key.Public.Id);
        Assert.Equal("seal-key", forger.Review().Refusal!.Check);
        forger.Edit(BundleFiles.Seal, made.Older.Key.Public.Id, made.Passing.Key.Public.Id);
        Assert.Equal("seal-signature", forger.Review().Refusal!.Check);
        Assert.Equal("seal-key", BundleVerifier.Review(made.Passing.Content, new ReviewRequest([], TimeProvider.System.GetUtcNow())).Refusal!.Check);
    }

    [Fact]
    public void Control_an_untouched_copy_is_accepted()
    {
        using var copy = new Copy(made.Passing.Folder);
        var review = Review(copy, made.Passing);
        Assert.True(review.IsAccepted, review.Refusal?.ToString());
    }

    private void AssertRefused(Copy copy, string? check, string what, MadeBundle? of = null)
    {
        var review = Review(copy, of ?? made.Passing);
        Assert.False(review.IsAccepted, $"{what}: accepted");
        Assert.True(check is null ? review.Refusal!.Check.StartsWith("seal-", StringComparison.Ordinal) : review.Refusal!.Check == check, $"{what}: refused by {review.Refusal}");
        Assert.NotEmpty(review.Refusal.Expected);
        Assert.NotEmpty(review.Refusal.Found);
    }

    private static BundleReview Review(Copy copy, MadeBundle of) =>
        BundleVerifier.Review(BundleReader.Read(copy.Folder, CancellationToken.None), new ReviewRequest([of.Key.Public], TimeProvider.System.GetUtcNow()));

    /// <summary>A copy of a bundle, to be changed.</summary>
    private sealed class Copy : IDisposable
    {
        private static int _number;
        private readonly string _around = string.Create(CultureInfo.InvariantCulture, $"/var/tmp/cto-linux-copy-{Environment.ProcessId}-{Interlocked.Increment(ref _number)}");

        /// <summary>Copies all of it; where one file is named, the others are links to the same inodes.</summary>
        public Copy(string folder, string? changed = null)
        {
            Folder = Path.Combine(_around, Path.GetFileName(folder));
            Directory.CreateDirectory(_around);
            Tool.Run("/bin/cp", changed is null ? "-R" : "-Rl", folder, Folder);
            if (changed is not null)
            {
                File.Delete(Path.Combine(Folder, changed));
                File.Copy(Path.Combine(folder, changed), Path.Combine(Folder, changed));
            }
        }

        public string Folder { get; }

        public string Aside => Path.Combine(_around, "aside");

        public void Dispose() => Tool.Try("/bin/rm", "-rf", "--one-file-system", _around);
    }
}
