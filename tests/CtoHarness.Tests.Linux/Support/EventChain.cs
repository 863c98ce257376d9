namespace CtoHarness.Tests.Linux.Support;

/// <summary>The chain of an events file, computed by a program that shares no code with the product.</summary>
internal static class EventChain
{
    // For the values that events hold, Python's sorted compact form is RFC 8785.
    private const string Program = """
        import hashlib, json, sys
        previous = "sha256:" + "0" * 64
        lines = open(sys.argv[1], "rb").read().decode("utf-8")
        assert lines.endswith("\n"), "the last line has no end"
        for number, line in enumerate(lines[:-1].split("\n"), 1):
            event = json.loads(line)
            assert event["seq"] == number, f"line {number} has the number {event['seq']}"
            assert event["prev"] == previous, f"line {number} does not follow the one before"
            digest = event.pop("digest")
            text = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous = "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
            assert digest == previous, f"line {number} has another digest"
        assert event["event"] == "run.completed", "the last event is not run.completed"
        assert event["data"]["count"] == number, "run.completed counts otherwise"
        """;

    /// <summary>Fails unless every event of the file holds together with the one before.</summary>
    public static void Assert(string path) => Tool.Run("python3", "-c", Program, path);

    /// <summary>Whether the file was refused.</summary>
    public static bool Refuses(string path) => Tool.Try("python3", "-c", Program, path).Exit != 0;
}
