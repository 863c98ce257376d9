using CtoHarness.Tests.Linux.Support;

namespace CtoHarness.Tests.Linux.Confinement;

[Trait("Mission", "M11")]
public sealed class WriteTests
{
    private const string TryAll = """
        try() { if ( eval "$2" ) 2>/dev/null; then echo "done $1"; else echo "refused $1"; fi; }
        try etc ': > /etc/cto-test'
        try usr ': > /usr/cto-test'
        try var-lib ': > /var/lib/cto-test'
        try dev 'mkdir /dev/cto-test'
        try dev-null-mode 'chmod 777 /dev/null'
        try proc-sys 'echo x > /proc/sys/kernel/hostname'
        try proc-sysrq 'echo h > /proc/sysrq-trigger'
        try root ': > /root/cto-test'
        try home ': > /home/cto-test'
        try run ': > /run/cto-test'
        try top ': > /cto-test'
        try lane ': > ../../cto-test'
        try given ': > ../../given/cto-test'
        try solution "echo x >> \"$1/strings.py\""
        try remount 'mount -o remount,rw /'
        try unmount 'umount /root'
        try mount 'mount -t tmpfs none ../tmp'
        try chroot 'chroot / true'
        try hostname 'hostname other'
        try mknod 'mknod ../tmp/sda b 8 0'
        try chown 'chown 0 strings.py'
        try setuid 'setpriv --reuid=0 true'
        try workspace ': > in-workspace && rm in-workspace'
        try own-tmp ': > /tmp/x && : > /var/tmp/y'
        try own-home ': > "$HOME/x"'
        try own-out ': > ../out/x'
        try shm ': > /dev/shm/x'
        cp "$1/strings.py" strings.py

        """;

    private static readonly string[] Own = ["workspace", "own-tmp", "own-home", "own-out", "shm"];

    [Fact]
    public void Outside_of_its_own_folders_the_backend_writes_nothing_and_changes_nothing_of_the_machine()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(TryAll).Run().Expect(1).Bundle().Expect("fail", "write-outside-roots");
        var lines = bundle.Text("backend/stdout.log").TrimEnd().Split('\n');
        Assert.Equal(27, lines.Length);
        Assert.Equal(Own.Select(name => "done " + name), lines.Where(line => line.StartsWith("done ", StringComparison.Ordinal)));
        var tried = bundle.Report["allowed_writes"]!["attempts"]!.AsArray().Where(one => one!["denied"]!.GetValue<bool>()).Select(one => $"{one!["operation"]} {one["path"]} {one["class"]}").ToList();
        string[] some =
        [
            "open-write /etc/cto-test outside", "open-write /var/lib/cto-test outside", "mkdir /dev/cto-test outside", "open-write /proc/sysrq-trigger outside",
            "open-write /root/cto-test home", "open-write /run/cto-test hidden", "open-write /cto-test outside",
        ];
        Assert.Empty(some.Except(tried));
        Assert.False(bundle.Report["allowed_writes_passed"]!.GetValue<bool>());
        Assert.True(bundle.Report["allowed_writes"]!["coverage"]!["complete"]!.GetValue<bool>());
        Assert.False(File.Exists("/etc/cto-test") || File.Exists("/usr/cto-test") || File.Exists("/var/lib/cto-test") || File.Exists("/cto-test"));
    }

    [RootFact]
    public void Control_root_outside_the_sandbox_can_write_to_such_places()
    {
        File.WriteAllText("/etc/cto-test-control", "");
        File.Delete("/etc/cto-test-control");
    }

    [Fact]
    public void A_new_user_namespace_gives_it_no_more()
    {
        using var root = new TempRoot();
        var bundle = root.Backend(Outcomes.Scripts.RightWork + """
            unshare -Urm sh -c 'mount -o remount,rw,bind / && : > /etc/cto-test && echo broken-out' 2>&1
            unshare -Urm sh -c 'umount /root && ls -A /root | head -1 && echo broken-out' 2>&1
            unshare -Urm sh -c 'umount -l /root; ls -A /root | grep -q . && echo broken-out' 2>&1
            exit 0
            """).Run().Bundle();
        Assert.DoesNotContain("broken-out\n", bundle.Text("backend/stdout.log"), StringComparison.Ordinal);
        Assert.False(File.Exists("/etc/cto-test"));
    }
}
