using System.Text;
using CtoHarness.Core.Problems;

namespace CtoHarness.Tests.Documents;

/// <summary>Shortens the tests of documents.</summary>
internal static class DocumentText
{
    /// <summary>The bytes of one file of the harness root as it is in the checkout.</summary>
    /// <param name="names">Folders and file below <c>harness</c>.</param>
    /// <returns>The file.</returns>
    public static byte[] Shipped(params string[] names) => File.ReadAllBytes(Repository.At(["harness", .. names]));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static T Sound<T>(Parsed<T> parsed)
    {
        Assert.True(parsed is Parsed<T>.Value, string.Join('\n', (parsed as Parsed<T>.Refused)?.Problems ?? []));
        return ((Parsed<T>.Value)parsed).Result;
    }

    /// <summary>The problems as a person sees them, a line each.</summary>
    /// <typeparam name="T">The record that was asked for.</typeparam>
    /// <param name="parsed">What reading gave.</param>
    /// <returns>Text for an approved file.</returns>
    public static string Problems<T>(Parsed<T> parsed) =>
        string.Concat(Assert.IsType<Parsed<T>.Refused>(parsed).Problems.Select(problem => problem + "\n"));
}
