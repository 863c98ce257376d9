using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using CtoHarness.Runtime.Observation;
using CtoHarness.Runtime.Sandboxing;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>What comes over the channel, and over descriptors that are not what they should be.</summary>
[Trait("Mission", "M11")]
public sealed class ChannelTests
{
    [Theory]
    [InlineData("L")] // a listener was to follow
    [InlineData("E")]
    [InlineData("?")]
    [InlineData("Eopen /x: refused")]
    public void A_message_that_is_no_start_is_a_failure_with_words(string message)
    {
        var heard = Hear(message);
        Assert.NotEmpty(heard.Failure);
        Assert.Null(heard.Layers);
    }

    [Theory]
    [InlineData("Nlandlock=7", 7)]
    [InlineData("Nlandlock=0", 0)]
    [InlineData("Nlandlock=-1", null)]
    [InlineData("Nlandlock=", null)]
    [InlineData("Nsomething", null)]
    public void The_version_of_Landlock_is_read_strictly(string message, int? version) => Assert.Equal(version, Hear(message).Landlock);

    [Fact]
    public void A_descriptor_that_gives_no_notifications_leaves_the_record_not_whole()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var end = new SafeFileHandle(pipe.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        pipe.Write([1]);
        using var log = new AttemptLog(null);
        new Supervisor(new PlaceMap([], []), MachineKind.X64, log, TimeProvider.System).Serve(end);
        Assert.False(log.Record().IsComplete);
        Assert.Contains("the supervisor failed", log.Record().Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_that_does_not_listen_is_no_gateway_and_breaks_nothing()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.SendTo([1], socket.LocalEndPoint!);
        using var handle = new SafeFileHandle(socket.Handle, ownsHandle: false);
        using (var echo = new EchoListener())
        {
            echo.Serve(handle);
            Thread.Sleep(200);
        }

        Assert.Equal(1, socket.Available); // nobody took it
    }

    private static InitChannel Hear(string message)
    {
        var (ours, theirs) = ChannelCalls.Make();
        using (ours)
        {
            using (var handle = new SafeSocketHandle(theirs.DangerousGetHandle(), ownsHandle: false))
            using (var speaker = new Socket(handle))
            {
                speaker.Send(Encoding.UTF8.GetBytes(message));
            }

            theirs.Dispose();
            var heard = new InitChannel(null, null);
            heard.Listen(ours);
            Assert.True(heard.WaitForEnd(TimeSpan.Zero));
            return heard;
        }
    }
}
