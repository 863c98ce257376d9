using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CtoHarness.Tests;

/// <summary>Tries a law on many generated values and fails with the first that breaks it.</summary>
internal static class Law
{
    /// <summary>Tries a law.</summary>
    /// <typeparam name="T">What it is about.</typeparam>
    /// <param name="values">Makes values.</param>
    /// <param name="holds">The law.</param>
    /// <param name="tries">How many values are tried.</param>
    public static void Holds<T>(Gen<T> values, Func<T, bool> holds, int tries = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tries).WithQuietOnSuccess(true), Prop.ForAll(values.ToArbitrary(), holds));

    /// <summary>Tries an action that must end, whatever the value; what it throws breaks the law.</summary>
    /// <typeparam name="T">What it is about.</typeparam>
    /// <param name="values">Makes values.</param>
    /// <param name="action">What must end.</param>
    /// <param name="tries">How many values are tried.</param>
    public static void Ends<T>(Gen<T> values, Action<T> action, int tries = 300) =>
        Holds(
            values,
            value =>
            {
                action(value);
                return true;
            },
            tries);
}

/// <summary>Makers of the values that laws are tried on.</summary>
internal static class Some
{
    private const string Odd = "aZ09 \t\n\r\0\u001b\u0007\u009b\u0085\u00e9\u202e\u2066\u2028\ufeff\ue000\u20ac\ud83d\ude00\ud800\\\"'`|<>&*_[]{}()#!:;,.-?@%~$/";

    /// <summary>Any text, rich in what parsers, terminals and Markdown treat as special; lone surrogates included.</summary>
    public static Gen<string> Text { get; } =
        Gen.Choose(0, Odd.Length - 1).Select(i => Odd[i]).ArrayOf().Select(chars => new string(chars));

    /// <summary>Any bytes.</summary>
    public static Gen<byte[]> Bytes { get; } = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf();

    /// <summary>Texts glued together from the pieces given: they come much deeper into a parser than any bytes.</summary>
    /// <param name="pieces">What to glue.</param>
    /// <returns>UTF-8.</returns>
    public static Gen<byte[]> Glued(params string[] pieces) =>
        Gen.Elements(pieces).ArrayOf().Select(chosen => Encoding.UTF8.GetBytes(string.Concat(chosen)));
}
