using System.Collections.Immutable;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verification;
using CtoHarness.Documents.Drivers;

namespace CtoHarness.Tests.Documents.Drivers;

[Trait("Mission", "M15")]
public sealed class DriverDocumentTests
{
    private const string Python =
        """
        schema: cto-harness/driver/v1
        language: python
        title: Calls a Python function with one JSON input a line
        command: [python3, -I, -B]
        file: driver.py
        """;

    [Fact]
    public void Every_driver_in_the_checkout_is_sound() => Assert.All(
        Directory.GetFiles(Repository.At("harness"), "driver.yaml", SearchOption.AllDirectories),
        file =>
        {
            var driver = DocumentText.Sound(DriverDocument.Read(file, Path.GetFileName(Path.GetDirectoryName(file))!, File.ReadAllBytes(file)));
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, driver.File)));
        });

    [Fact]
    public void A_driver_is_read_with_all_that_belongs_to_it()
    {
        var driver = DocumentText.Sound(Read("python", Python));
        Assert.Equal(("python", "Calls a Python function with one JSON input a line", "driver.py"), (driver.Language, driver.Title, driver.File));
        Assert.Equal(["python3", "-I", "-B"], driver.Command.ToArray());
    }

    [Fact]
    public void All_problems_are_reported_at_once() => Approved.Matches("driver.problems", DocumentText.Problems(Read("ruby",
        """
        schema: cto-harness/driver/v0
        language: Ruby
        command: [/usr/bin/ruby, ""]
        file: ../driver.rb
        files: []
        """)));

    [Theory]
    [InlineData("language: python", "language: perl", "in a folder named")]
    [InlineData("command: [python3, -I, -B]", "command: []", "names no program")]
    [InlineData("command: [python3, -I, -B]", "command: python3", "must be a list")]
    [InlineData("[python3,", "[./python3,", "the program is")]
    [InlineData("file: driver.py", "file: sub/driver.py", "file is")]
    [InlineData("file: driver.py", "file: ..", "file is")]
    [InlineData("file: driver.py", "", "\"file\" is missing")]
    public void One_mistake_is_one_problem(string right, string wrong, string message) =>
        Assert.Contains(message, Assert.Single(Refused("python", Python.Replace(right, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    private static ImmutableArray<Problem> Refused(string folder, string text) => Assert.IsType<Parsed<DriverManifest>.Refused>(Read(folder, text)).Problems;

    private static Parsed<DriverManifest> Read(string folder, string text) => DriverDocument.Read("drivers/x/driver.yaml", folder, DocumentText.Bytes(text));
}
