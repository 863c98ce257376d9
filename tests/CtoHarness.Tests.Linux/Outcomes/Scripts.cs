namespace CtoHarness.Tests.Linux.Outcomes;

/// <summary>Pieces of the scripts that stand in for a backend.</summary>
internal static class Scripts
{
    /// <summary>The whole task, done right.</summary>
    public const string RightWork = "cp \"$1/strings.py\" \"$2/strings.py\"\n";

    /// <summary>Passes the visible tests' import, but not the tests.</summary>
    public const string WrongWork = "sed -i 's/raise NotImplementedError/return text/' strings.py\n";

    /// <summary>Lets every visible test pass without any work.</summary>
    public const string WeakerTests = "printf 'import unittest\\n' > test_strings.py\n";
}
