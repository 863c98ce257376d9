using System.Globalization;
using System.Net.Sockets;
using CtoHarness.Runtime.Sandboxing;
using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

/// <summary>Sockets of this machine that could be reached by their path are found, so that they can be hidden.</summary>
[Trait("Mission", "M11")]
public sealed class HostSocketsTests
{
    private static readonly Dictionary<string, string> None = [];

    [RootFact]
    public void A_socket_that_somebody_listens_on_is_found_by_the_folder_that_holds_it()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        Directory.CreateDirectory(root.At("a folder"));
        Assert.DoesNotContain(root.At("a folder"), HostSockets.Places(None));
        using var socket = Listen(root.At("a folder/s"));
        Assert.Contains(root.At("a folder"), HostSockets.Places(None));
    }

    [RootFact]
    public void As_root_one_that_the_sandboxs_user_may_not_connect_to_needs_no_hiding()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        Directory.CreateDirectory(root.At("folder"));
        using var socket = Listen(root.At("folder/s"), mode: 0x1F8);
        Assert.DoesNotContain(root.At("folder"), HostSockets.Places(None));
        File.SetUnixFileMode(root.At("folder/s"), UnixFileMode.OtherWrite);
        Assert.Contains(root.At("folder"), HostSockets.Places(None));
        Assert.Contains(root.At("folder"), HostSockets.Places());
    }

    [RootFact]
    public void A_socket_at_the_top_of_the_machine_or_among_what_is_needed_is_found_alone()
    {
        foreach (var folder in new[] { "/opt", "/etc", "/usr" })
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"{folder}/cto-linux-{Environment.ProcessId}.socket");
            try
            {
                using var socket = Listen(path);
                var places = HostSockets.Places(None);
                Assert.Contains(path, places);
                Assert.DoesNotContain(folder, places);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void Sockets_where_a_sandbox_has_folders_of_its_own_names_without_a_path_and_what_is_gone_are_passed_over()
    {
        using var root = new TempRoot();
        using var socket = Listen(root.At("s"));
        using var named = Listen("\0cto-linux-abstract");
        Assert.DoesNotContain(HostSockets.Places(None), place => place.StartsWith("/var/tmp", StringComparison.Ordinal) || place.Contains('@', StringComparison.Ordinal));
        Assert.DoesNotContain(
            HostSockets.Places(["Num RefCount Protocol Flags Type St Inode Path", "00: 2 0 0 1 1 9 /nowhere/s", "00: 2 0 0 1 1 9", "00: 2 0 0 1 1 9 @x", "00: 2 0 0 1 1 9 s", ""], None),
            place => place.Contains("nowhere", StringComparison.Ordinal));
    }

    [RootFact]
    public void What_variables_name_is_found()
    {
        using var root = new TempRoot(OpenPlace.Folder);
        Directory.CreateDirectory(root.At("agent"));
        using var socket = Listen(root.At("agent/s"));
        foreach (var (name, value) in new[]
        {
            ("SSH_AUTH_SOCK", "{0}/agent/s"),
            ("DBUS_SESSION_BUS_ADDRESS", "unix:path={0}/agent/s,guid=0123"),
            ("DOCKER_HOST", "unix://{0}/agent/s"),
            ("GPG_AGENT_INFO", "{0}/agent/s:12:1"),
            ("XDG_RUNTIME_DIR", "{0}/agent"),
            ("GNUPGHOME", "{0}/agent"),
        })
        {
            var environment = new Dictionary<string, string> { [name] = value.Replace("{0}", root.Folder, StringComparison.Ordinal) };
            Assert.Equal([root.At("agent")], HostSockets.Places([], environment).Except(HostSockets.Places([], None)));
        }
    }

    [Theory]
    [InlineData("SSH_AUTH_SOCK", "/")]
    [InlineData("SSH_AUTH_SOCK", "relative/s")]
    [InlineData("SSH_AUTH_SOCK", "")]
    [InlineData("XDG_RUNTIME_DIR", "/")]
    [InlineData("XDG_RUNTIME_DIR", "/usr")]
    [InlineData("DOCKER_HOST", "tcp://host:2375")]
    [InlineData("DBUS_SESSION_BUS_ADDRESS", ";;,:=//")]
    public void And_nothing_that_everything_needs(string name, string value) =>
        Assert.Empty(HostSockets.Places([], new Dictionary<string, string> { [name] = value }).Except(HostSockets.Places([], None)));

    private static Socket Listen(string path, int mode = 0x1FF)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        if (path[0] == '/')
        {
            File.SetUnixFileMode(path, (UnixFileMode)mode);
        }

        return socket;
    }
}
