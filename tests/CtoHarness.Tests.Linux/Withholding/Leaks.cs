using System.Text;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Withholding;

/// <summary>Searches a folder for a value, by a program that shares no code with the product.</summary>
internal static class Leaks
{
    private const string Program = """
        import base64, binascii, json, os, sys, urllib.parse
        folder, text = sys.argv[1], bytes.fromhex(sys.argv[2]).decode()
        value = text.encode()
        forms = {
            "raw": value,
            "json": json.dumps(text)[1:-1].encode(),
            "json-utf8": json.dumps(text, ensure_ascii=False)[1:-1].encode(),
            "json-slash": json.dumps(text)[1:-1].replace("/", "\\/").encode(),
            "json-twice": json.dumps(json.dumps(text))[3:-3].encode(),
            "percent": urllib.parse.quote(text, safe="").encode(),
            "form": urllib.parse.quote_plus(text).encode(),
            "hex": binascii.hexlify(value),
            "HEX": binascii.hexlify(value).upper(),
        }
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + value)
            inner = whole[(before * 8 + 5) // 6:(before + len(value)) * 8 // 6]
            forms[f"base64-{before}"] = inner
            forms[f"base64url-{before}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
        escaped = "".join(f"\\u{ord(c):04X}" if c in "\"&'+<>`" or ord(c) > 126 else c for c in text.replace("\\", "\\\\"))
        forms["json-dotnet"] = escaped.encode()
        for top, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(top, name)
                bytes_of = open(path, "rb").read()
                found = sorted(form for form, one in forms.items() if one in bytes_of or one in os.fsencode(name))
                if found:
                    print(os.path.relpath(path, folder) + ":", *found)
        """;

    /// <summary>Each file that holds the value, with the forms in which it does.</summary>
    public static IReadOnlyDictionary<string, string[]> In(string folder, string value) =>
        Tool.Run("python3", "-c", Program, folder, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": "))
            .ToDictionary(parts => parts[0], parts => parts[1].Split(' '));

    /// <summary>Fails where any file of a bundle holds the value, in its content or its name.</summary>
    public static void AssertNone(Bundle bundle, string value) =>
        Assert.Empty(In(bundle.Folder, value).Select(file => $"{file.Key}: {string.Join(' ', file.Value)}"));
}
