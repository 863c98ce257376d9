using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Documents.Yaml;

namespace CtoHarness.Documents.Models;

/// <summary>Reads what <c>models.yaml</c> says of a provider itself; what it does not say is taken from below.</summary>
internal static class ProviderFields
{
    private const int LongestAddress = 1000;
    private const int LongestVariable = 200;
    private const string AddressMarks = ".-_~:/[]%";

    internal static Provider Read(FieldReader fields, string name, Provider? below)
    {
        var title = below is null ? fields.Text("title") : fields.OptionalText("title");
        var address = fields.OptionalText("base_url", LongestAddress);
        if (address.Length > 0 && !IsAddress(address))
        {
            fields.Report(
                fields.At("base_url"), $"base_url is {PlainText.Quote(address)}",
                "write an address such as http://127.0.0.1:8080/v1: http or https, a host, and no user, no query and no slash at the end");
        }

        var wire = fields.OptionalText("wire");
        if (wire is not ("" or Provider.ChatCompletions))
        {
            fields.Report(fields.At("wire"), $"wire is {PlainText.Quote(wire)}", $"write {Provider.ChatCompletions}, the one that is known");
        }

        var (variable, file) = ReadKey(fields);
        var saysKey = variable.Length > 0 || file.Length > 0;
        var standIn = fields.OptionalFlag("stand_in");
        return new Provider(
            name,
            title.Length > 0 ? title : below?.Title ?? "",
            address.Length > 0 ? address : below?.Address ?? "",
            wire.Length > 0 ? wire : below?.Wire ?? Provider.ChatCompletions,
            saysKey ? variable : below?.KeyVariable ?? "",
            saysKey ? file : below?.KeyFile ?? "",
            standIn ?? below?.IsStandIn ?? false);
    }

    private static (string Variable, string File) ReadKey(FieldReader fields)
    {
        var variable = fields.OptionalText("key_env", LongestVariable);
        var file = fields.OptionalText("key_file");
        if (variable.Length > 0 && !IsVariable(variable))
        {
            fields.Report(fields.At("key_env"), $"key_env is {PlainText.Quote(variable)}", "write the name of the variable that holds the key, never the key itself");
        }

        if (file.Length > 0 && (file[0] != '/' || file.Split('/').Any(part => part is "." or "..")))
        {
            fields.Report(fields.At("key_file"), $"key_file is {PlainText.Quote(file)}", "write an absolute path without . and ..");
        }

        if (variable.Length > 0 && file.Length > 0)
        {
            fields.Report(fields.At("key_file"), "both key_env and key_file are given", "keep one of the two");
        }

        return (variable, file);
    }

    private static bool IsVariable(string text) =>
        !char.IsAsciiDigit(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static bool IsAddress(string text) =>
        (text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal))
        && text[^1] != '/'
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || AddressMarks.Contains(letter, StringComparison.Ordinal))
        && !text.Split('/').Skip(3).Any(part => part is "" or "." or "..")
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri is { UserInfo: "", Query: "", Fragment: "" };
}
