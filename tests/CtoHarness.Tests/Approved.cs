using System.Runtime.CompilerServices;
using System.Text;
using Xunit.Sdk;

namespace CtoHarness.Tests;

/// <summary>Compares whole outputs with text that a person approved: <c>Approved/NAME.txt</c> beside the test's source.</summary>
/// <remarks><c>CTO_HARNESS_APPROVE=1</c> rewrites the approved files instead; read the difference before you commit it.</remarks>
internal static class Approved
{
    /// <summary>Fails with both texts unless they are the same.</summary>
    /// <param name="name">The approved file's name without its ending; unique within the tests.</param>
    /// <param name="text">What was produced.</param>
    /// <param name="source">Left to the compiler.</param>
    public static void Matches(string name, string text, [CallerFilePath] string source = "") =>
        Compare(
            Path.Combine(Repository.FolderOf(source), "Approved", name + ".txt"),
            Path.Combine(Repository.Artifacts, "received", name + ".received.txt"),
            text,
            rewrite: Environment.GetEnvironmentVariable("CTO_HARNESS_APPROVE") == "1",
            inCi: Environment.GetEnvironmentVariable("CI") == "true");

    /// <summary>Fails with both texts unless they are the same.</summary>
    /// <param name="name">The approved file's name without its ending; unique within the tests.</param>
    /// <param name="utf8">What was produced.</param>
    /// <param name="source">Left to the compiler.</param>
    public static void Matches(string name, byte[] utf8, [CallerFilePath] string source = "") =>
        Matches(name, new UTF8Encoding(false, true).GetString(utf8), source);

    /// <summary>The comparison itself, with everything that it depends on.</summary>
    /// <param name="approvedFile">The approved text.</param>
    /// <param name="receivedFile">Where a different text is written for the reader.</param>
    /// <param name="text">What was produced.</param>
    /// <param name="rewrite">Whether to approve it.</param>
    /// <param name="inCi">Whether nobody is there to approve anything.</param>
    public static void Compare(string approvedFile, string receivedFile, string text, bool rewrite, bool inCi)
    {
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile) : null;
        if (approved == text)
        {
            if (File.Exists(receivedFile))
            {
                File.Delete(receivedFile);
            }

            return;
        }

        if (rewrite && !inCi)
        {
            Write(approvedFile, text);
            return;
        }

        Write(receivedFile, text);
        throw new XunitException(
            $"""
            The text differs from {approvedFile}{(rewrite ? "; CTO_HARNESS_APPROVE does nothing in CI" : "; CTO_HARNESS_APPROVE=1 rewrites it")}.
            Received, also in {receivedFile}:
            {text}
            Approved:
            {approved ?? "(there is no such file)"}
            """);
    }

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
