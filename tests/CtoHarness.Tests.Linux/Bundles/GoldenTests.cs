using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Evidence;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Bundles;
using CtoHarness.Runtime.Bundles;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Bundles;

/// <summary>Bundles that earlier versions made: whatever changes, they are accepted for ever. <c>Golden/make</c> makes one; none is ever made anew once it was given to anybody.</summary>
[Trait("Mission", "M20")]
public sealed class GoldenTests
{
    private static readonly string Folder = Repository.At("tests", "CtoHarness.Tests.Linux", "Bundles", "Golden");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.tar.gz").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bundle_of_an_earlier_version_is_accepted_for_ever(string name)
    {
        var content = Read(name);
        var review = BundleVerifier.Review(content, new ReviewRequest([KeyOf(name)], TimeProvider.System.GetUtcNow()));
        Assert.True(review.IsAccepted, $"refused by {review.Refusal?.Check}: expected {review.Refusal?.Expected}; found {review.Refusal?.Found}");
        Assert.Equal("pass", Words.Of(review.Verdict!.Status));
        Assert.Equal("pass", Words.Of(review.Predicate!.Status));
        Assert.All(review.Checks, check => Assert.Equal(CheckState.Holds, check.State));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_refused_when_a_byte_of_it_is_another(string name)
    {
        var content = Read(name);
        var bytes = content.Find("report.json")!.Content!.Value.ToArray();
        bytes[^10] ^= 1;
        var review = BundleVerifier.Review(ChangedByteTests.With(content, "report.json", bytes), new ReviewRequest([KeyOf(name)], TimeProvider.System.GetUtcNow()));
        Assert.Equal("subjects", review.Refusal!.Check);
    }

    // Made where no path and no name is anybody's.
    [Theory]
    [MemberData(nameof(Names))]
    public void It_names_nobody_and_no_machine(string name)
    {
        foreach (var file in Read(name).Files.Where(file => file.Content is not null && file.Path != BundleFiles.Seal))
        {
            var text = Encoding.UTF8.GetString(file.Content!.Value.Span);
            Assert.All(new[] { "\"/work/", "\"/root/", "\"/home/", "/var/tmp/", $"\"{Environment.MachineName}\"" }, word => Assert.False(text.Contains(word, StringComparison.Ordinal), $"{file.Path} has {word}"));
        }
    }

    [Fact]
    public void There_is_one_of_a_run_without_a_model_and_one_with() =>
        Assert.Subset(Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).ToHashSet(), new HashSet<string> { "run-v1.tar.gz", "run-v1-model.tar.gz" });

    private static BundleContent Read(string name) => BundleReader.Read(Path.Combine(Folder, name), CancellationToken.None);

    private static PublicKey KeyOf(string name) =>
        PublicKey.Read("golden", File.ReadAllText(Path.Combine(Folder, name.Replace(".tar.gz", ".pub", StringComparison.Ordinal)))) is Parsed<PublicKey>.Value { Result: var key } ? key
            : throw new InvalidOperationException($"{name} has no key beside it");
}
