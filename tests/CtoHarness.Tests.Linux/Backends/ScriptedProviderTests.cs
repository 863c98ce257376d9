using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CtoHarness.Tests.Linux.Backends;

/// <summary>The provider of these tests must itself be right where it is meant to be, and wrong only where it is.</summary>
public sealed class ScriptedProviderTests
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task A_stream_has_the_text_in_pieces_then_the_reason_the_usage_and_its_end()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Say("one two three four five 𝛼𝛽 and so on")));
        var events = await EventsAsync(provider);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(text => JsonNode.Parse(text)!).ToArray();
        Assert.Equal("one two three four five 𝛼𝛽 and so on", string.Concat(chunks.Select(chunk => Delta(chunk)?["content"])));
        Assert.True(chunks.Length > 5);
        Assert.Equal("stop", (string?)chunks[^2]["choices"]![0]!["finish_reason"]);
        Assert.Equal(Completions.PromptTokens, (int)chunks[^1]["usage"]!["prompt_tokens"]!);
        Assert.Equal(Completions.CompletionTokens, (int)chunks[^1]["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Turns_follow_the_tool_results_and_the_last_one_stays()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Bash("ls"), Turns.Say("done")));
        Assert.Equal("tool_calls", (string?)(await WholeAsync(provider, 0))["finish_reason"]);
        Assert.Equal("done", (string?)(await WholeAsync(provider, 1))["message"]!["content"]);
        Assert.Equal("done", (string?)(await WholeAsync(provider, 7))["message"]!["content"]);
        Assert.Equal(3, provider.Calls);
    }

    [Fact]
    public async Task A_tool_call_arrives_whole_in_a_stream_and_without_one()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Bash("echo 'a long command with \"quotes\"'")));
        var whole = (await WholeAsync(provider, 0))["message"]!["tool_calls"]![0]!["function"]!;
        var deltas = (await EventsAsync(provider)).SkipLast(1).Select(text => Delta(JsonNode.Parse(text)!)?["tool_calls"]?[0]?["function"]).ToArray();
        Assert.Equal("bash", (string?)whole["name"]);
        Assert.Equal((string?)whole["arguments"], string.Concat(deltas.Select(delta => delta?["arguments"])));
        Assert.Equal("echo 'a long command with \"quotes\"'", (string?)JsonNode.Parse((string)whole["arguments"]!)!["command"]);
    }

    [Fact]
    public async Task Roles_have_turns_of_their_own()
    {
        using var provider = new ScriptedProvider(CaseScenarios.Ok.Script);
        var verifier = Conversation.Read(Body("x\n\n# Verifier — checks\n\n# Closer\n", false, 0))!;
        Assert.Equal("VERIFIER", verifier.Role);
        using var answer = await PostAsync(provider, Body("no heading", false, 0));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task A_status_is_what_it_was_told(int status)
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Status(status, "no")));
        using var answer = await PostAsync(provider, Body("", true, 0));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("no", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["message"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_answer_begins_and_does_not_end(bool stream)
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.CutAfter(3)));
        await Assert.ThrowsAnyAsync<Exception>(() => PostAsync(provider, Body("", stream, 0)));
        var text = await RawAsync(provider, Body("", stream, 0));
        Assert.Contains("200 OK", text, StringComparison.Ordinal);
        Assert.Equal(stream ? 3 : 0, text.Split("data: ").Length - 1);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_garbled_stream_is_a_whole_response_whose_lines_are_no_JSON()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Malformed()));
        var events = await EventsAsync(provider);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(events[1]));
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(events[2]));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 2)]
    public async Task One_that_hangs_says_so_much_and_notices_when_the_caller_leaves(int after, int chunks)
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.HangAfter(after)));
        var text = await RawAsync(provider, Body("", true, 0), TimeSpan.FromMilliseconds(300));
        Assert.Equal(chunks, text.Split("data: ").Length - 1);
        Assert.Equal(chunks > 0, text.Length > 0);
        Assert.True(SpinWait.SpinUntil(() => provider.Vanished == 1, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_stream_without_an_end_goes_on()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Endless(TimeSpan.FromMilliseconds(5))));
        var text = await RawAsync(provider, Body("", true, 0), TimeSpan.FromMilliseconds(500));
        Assert.True(text.Split("data: ").Length > 5, text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flood_has_so_many_bytes(bool stream)
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Bytes(5_000_000)));
        using var answer = await PostAsync(provider, Body("", stream, 0));
        Assert.Equal(5_000_000, (await answer.Content.ReadAsStringAsync()).AsSpan().Count('~'));
    }

    [Fact]
    public async Task A_slow_answer_is_whole_in_the_end()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Slow("slowly", 20_000)));
        Assert.Equal("slowly", string.Concat((await EventsAsync(provider)).SkipLast(1).Select(text => Delta(JsonNode.Parse(text)!)?["content"])));
    }

    [Fact]
    public async Task What_was_asked_is_kept_with_its_headers_and_the_key_is_asked_for()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Say("yes"))) { Key = "secret" };
        using var without = await PostAsync(provider, Body("", false, 0));
        using var call = new HttpRequestMessage(HttpMethod.Post, provider.Url + "/chat/completions") { Content = new StringContent(Body("hello", false, 0)) };
        call.Headers.Add("Authorization", "Bearer secret");
        using var with = await Client.SendAsync(call);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK], [without.StatusCode, with.StatusCode]);
        Assert.Equal(["", "Bearer secret"], provider.Asked.Select(request => request.Header("authorization")));
        Assert.Contains("hello", provider.Asked[1].Body, StringComparison.Ordinal);
        Assert.Equal("/v1/chat/completions", provider.Asked[1].Path);
    }

    [Fact]
    public async Task The_models_are_listed_as_told()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Say(""))) { Models = ["a", "b"] };
        Assert.Equal(["a", "b"], JsonNode.Parse(await Client.GetStringAsync(new Uri(provider.Url + "/models")))!["data"]!.AsArray().Select(model => (string?)model!["id"]));
        using var down = new ScriptedProvider(Scripts.Of(Turns.Say(""))) { ModelsStatus = 503 };
        using var answer = await Client.GetAsync(new Uri(down.Url + "/models"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task A_hundred_callers_at_once_are_all_answered()
    {
        using var provider = new ScriptedProvider(Scripts.Of(Turns.Say("yes")));
        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => EventsAsync(provider)));
        Assert.All(all, events => Assert.Equal("[DONE]", events[^1]));
        Assert.Equal(100, provider.Calls);
    }

    [Fact]
    public async Task The_refusing_address_refuses()
    {
        using var provider = new RefusingProvider();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Client.GetAsync(new Uri(provider.Url + "/models")));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
    }

    private static JsonNode? Delta(JsonNode chunk) => chunk["choices"]!.AsArray().FirstOrDefault()?["delta"];

    private static string Body(string prompt, bool stream, int results) => new JsonObject
    {
        ["model"] = ScriptedProvider.Model,
        ["stream"] = stream,
        ["messages"] = new JsonArray(
            [new JsonObject { ["role"] = "user", ["content"] = prompt }, .. Enumerable.Range(0, results).Select(_ => new JsonObject { ["role"] = "tool", ["content"] = "" })]),
    }.ToJsonString();

    private static async Task<HttpResponseMessage> PostAsync(ScriptedProvider provider, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Client.PostAsync(new Uri(provider.Url + "/chat/completions"), content);
    }

    private static async Task<JsonNode> WholeAsync(ScriptedProvider provider, int results)
    {
        using var answer = await PostAsync(provider, Body("", false, results));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["choices"]![0]!;
    }

    private static async Task<string[]> EventsAsync(ScriptedProvider provider)
    {
        using var answer = await PostAsync(provider, Body("", true, 0));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, text => Assert.StartsWith("data: ", text, StringComparison.Ordinal));
        return [.. events.Select(text => text["data: ".Length..])];
    }

    // Everything that the provider sends until it closes the connection, or for so long.
    private static async Task<string> RawAsync(ScriptedProvider provider, string body, TimeSpan? patience = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, provider.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        using var limit = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20));
        using var text = new MemoryStream();
        try
        {
            await stream.CopyToAsync(text, limit.Token);
        }
        catch (OperationCanceledException) when (patience is not null)
        {
            // It went on for as long as it was watched.
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
