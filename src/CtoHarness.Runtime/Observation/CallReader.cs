using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;

namespace CtoHarness.Runtime.Observation;

/// <summary>What a notified call aims at.</summary>
/// <param name="Operation">What it would do.</param>
/// <param name="Path">The path that matters: the one outside, where there are two.</param>
/// <param name="Raw">The path as it was named.</param>
/// <param name="Writes">Whether it would change something.</param>
/// <param name="Class">What it is aimed at; null where it stays inside or only reads what everybody may.</param>
/// <param name="Error">The error to refuse it with, also where the kernel itself would refuse it; 0 to let it through.</param>
internal sealed record CallAim(string Operation, string Path, string Raw, bool Writes, AttemptClass? Class, int Error);

/// <summary>Reads the arguments of a notified call and says what it aims at.</summary>
internal sealed class CallReader(PathResolver resolver, PlaceMap places, MachineKind machine)
{
    // Every program that asks for a user's name looks for this one first.
    private const string NameService = "/run/nscd/socket";

    private const int NotThere = 2;
    private const int NotAllowed = 13;
    private const int BadAddress = 14;
    private const int ReadOnlySystem = 30;

    private const int LongestAddress = 128; // struct sockaddr_storage
    private const ulong MessageSize = 64;
    private const uint MostMessages = 1024; // as many as sendmmsg(2) takes

    private const ulong AccessMask = 3;
    private const ulong Create = 0x40;
    private const ulong Exclusive = 0x80;
    private const ulong Truncate = 0x200;
    private const ulong TemporaryFile = 0x400000;
    private const ulong EmptyPath = 0x1000;
    private const ulong NoFollowAt = 0x100;
    private const ulong FollowLink = 0x400;
    private readonly ulong _noFollow = machine == MachineKind.Arm64 ? 0x8000UL : 0x20000UL;

    private readonly FrozenDictionary<int, ObservedCall> _files = Table(ObservedCalls.Files, machine);
    private readonly FrozenDictionary<int, ObservedCall> _sockets = Table(ObservedCalls.Sockets, machine);

    /// <summary>Says what a call aims at.</summary>
    internal CallAim Read(Notification call) =>
        _files.TryGetValue(call.Number, out var file) ? ReadFile(call, file)
        : _sockets.TryGetValue(call.Number, out var socket) ? ReadSocket(call, socket)
        : Unresolved($"call {call.Number.ToString(CultureInfo.InvariantCulture)}", "", writes: true);

    private CallAim ReadFile(Notification call, ObservedCall known)
    {
        var (writes, creates, follow) = Meaning(call, known);
        var operation = known.Operation == "open" ? (writes ? "open-write" : "open-read") : known.Operation;
        var first = Aim(call, known.Folder, known.Path, follow, IsEmptyAllowed(call, known));
        (string? Path, string Raw, int Error)? second = known.Path2 < 0 ? null : Aim(call, known.Folder2, known.Path2, follow: false, emptyAllowed: false);
        if (first.Path is null || second is { Path: null })
        {
            var (_, named, error) = first.Path is null ? first : second!.Value;
            return error != 0 ? new CallAim(operation, named, named, writes, null, error) : Unresolved(operation, named, writes);
        }

        if (!writes)
        {
            return places.IsWatched(first.Path)
                ? new CallAim(operation, first.Path, first.Raw, false, places.ClassOf(first.Path, writes: false), 0)
                : new CallAim(operation, first.Path, first.Raw, false, null, 0);
        }

        // Of two paths, the one outside; a hard link to a file outside is as bad as one from outside.
        var (path, raw) = second is { Path: { } other, Raw: var otherRaw } && IsAllowed(first.Path) ? (other, otherRaw) : (first.Path, first.Raw);
        if (IsAllowed(path))
        {
            return new CallAim(operation, path, raw, true, null, 0);
        }

        var exists = resolver.Exists(path);
        return exists && known.Operation is "mkdir" or "symlink" or "mknod"
            ? new CallAim(operation, path, raw, true, null, 0) // the kernel says that it exists; nothing can change
            : new CallAim(operation, path, raw, true, known.Operation == "rename" ? places.ClassOfWhole(path) : places.ClassOf(path, writes: true), exists || creates ? ReadOnlySystem : NotThere);
    }

    private (bool Writes, bool Creates, bool Follow) Meaning(Notification call, ObservedCall known)
    {
        var flags = known.Flags < 0 ? 0 : call.Argument(known.Flags);
        return known.Meaning switch
        {
            CallWords.Open => (
                (flags & AccessMask) != 0 || (flags & (Create | Truncate | TemporaryFile)) != 0,
                (flags & Create) != 0,
                (flags & _noFollow) == 0 && (flags & (Create | Exclusive)) != (Create | Exclusive)),
            CallWords.At => (known.Writes, known.Creates, (flags & NoFollowAt) == 0),
            CallWords.Link => (known.Writes, known.Creates, (flags & FollowLink) != 0),
            _ => (known.Writes, known.Creates, known.Follows),
        };
    }

    // linkat and the calls with AT_EMPTY_PATH mean the descriptor itself; utimensat does so where it names no path.
    private static bool IsEmptyAllowed(Notification call, ObservedCall known) =>
        known.Meaning is CallWords.At or CallWords.Link && (call.Argument(known.Flags) & EmptyPath) != 0;

    private (string? Path, string Raw, int Error) Aim(Notification call, int folder, int path, bool follow, bool emptyAllowed)
    {
        int? descriptor = folder < 0 ? null : unchecked((int)(uint)call.Argument(folder));
        if (path < 0 || (call.Argument(path) == 0 && descriptor >= 0))
        {
            return Said(PathResolver.OfDescriptor(call.Process, descriptor ?? -1), "");
        }

        if (ForeignCalls.ReadText(call.Process, call.Argument(path), out var error) is not { } bytes)
        {
            return (null, "", error);
        }

        var raw = Encoding.Latin1.GetString(bytes.AsSpan(0, bytes.Length - 1));
        return Said(
            raw.Length == 0 && emptyAllowed && descriptor >= 0
                ? PathResolver.OfDescriptor(call.Process, descriptor.Value)
                : resolver.Resolve(call.Process, descriptor, raw, follow), raw);
    }

    private static (string? Path, string Raw, int Error) Said(Whereabouts where, string raw) => (where.Path, raw, where.Error);

    // What is no path, such as a pipe, is the program's own.
    private bool IsAllowed(string path) => !path.StartsWith('/') || places.IsInside(path);

    private CallAim ReadSocket(Notification call, ObservedCall known) => known.Meaning is CallWords.Message or CallWords.Messages
        ? ReadMessages(call, known)
        : ReadAddress(call, known, call.Argument(known.Path), call.Argument(known.Path + 1));

    // The first that aims outside speaks for all of them.
    private CallAim ReadMessages(Notification call, ObservedCall known)
    {
        var count = known.Meaning == CallWords.Message ? 1 : (int)Math.Min((uint)(call.Argument(known.Path + 1) & uint.MaxValue), MostMessages);
        var harmless = new CallAim(known.Operation, "", "", known.Writes, null, 0);
        Span<byte> head = stackalloc byte[12]; // struct msghdr begins with the address's place and length
        for (var at = 0; at < count; at++)
        {
            if (ForeignCalls.ReadMemory(call.Process, unchecked(call.Argument(known.Path) + ((ulong)at * MessageSize)), head) != head.Length)
            {
                return harmless; // the kernel stops there, too
            }

            var (place, length) = (BinaryPrimitives.ReadUInt64LittleEndian(head), BinaryPrimitives.ReadUInt32LittleEndian(head[8..]));
            if (place != 0 && ReadAddress(call, known, place, length) is var aim && (aim.Class is not null || aim.Error != 0))
            {
                return aim;
            }
        }

        return harmless;
    }

    private CallAim ReadAddress(Notification call, ObservedCall known, ulong place, ulong size)
    {
        var length = Math.Min(unchecked((int)(uint)size), LongestAddress); // of a register, the kernel takes the lower half
        Span<byte> address = stackalloc byte[LongestAddress];
        if (length < 2)
        {
            return new CallAim(known.Operation, "", "", known.Writes, null, 0); // the kernel refuses such an address itself
        }

        if (ForeignCalls.ReadMemory(call.Process, place, address[..length]) != length)
        {
            return new CallAim(known.Operation, "", "", known.Writes, null, BadAddress);
        }

        address = address[..length];
        var family = BinaryPrimitives.ReadUInt16LittleEndian(address);
        return family switch
        {
            1 => ReadUnix(call, known, address[2..]),
            2 when length >= 8 => Internet(known, $"{address[4]}.{address[5]}.{address[6]}.{address[7]}", BinaryPrimitives.ReadUInt16BigEndian(address[2..]), address[4] == 127 || address[4] == 0),
            10 when length >= 24 => Internet(known, new System.Net.IPAddress(address.Slice(8, 16)).ToString(), BinaryPrimitives.ReadUInt16BigEndian(address[2..]), address.Slice(8, 15).IndexOfAnyExcept((byte)0) < 0),
            _ => new CallAim(known.Operation, "", "", known.Writes, null, 0),
        };
    }

    // Inside there is no way out but 127.0.0.1, which is the sandbox's own.
    private static CallAim Internet(ObservedCall known, string host, int port, bool isOwn) =>
        new(known.Operation, $"{host}:{port.ToString(CultureInfo.InvariantCulture)}", "", known.Writes, isOwn ? null : AttemptClass.Network, 0);

    private CallAim ReadUnix(Notification call, ObservedCall known, Span<byte> name)
    {
        if (name.Length == 0 || name[0] == 0)
        {
            return new CallAim(known.Operation, "@" + Encoding.Latin1.GetString(name.Length > 1 ? name[1..] : []), "", known.Writes, null, 0); // of this network namespace alone
        }

        var end = name.IndexOf((byte)0);
        var raw = Encoding.Latin1.GetString(end < 0 ? name : name[..end]);
        var where = resolver.Resolve(call.Process, null, raw, follow: true);
        return where.Path is not { } path ? (where.Error != 0 ? new CallAim(known.Operation, raw, raw, known.Writes, null, where.Error) : Unresolved(known.Operation, raw, writes: true))
            : IsAllowed(path) ? new CallAim(known.Operation, path, raw, known.Writes, null, 0)
            : new CallAim(known.Operation, path, raw, known.Writes, ClassOfSocket(path, known.Writes), resolver.Exists(path) || known.Writes ? NotAllowed : NotThere);
    }

    private AttemptClass ClassOfSocket(string path, bool writes) =>
        writes ? places.ClassOf(path, writes: true)
        : path == NameService ? AttemptClass.Noise
        : AttemptClass.Network;

    private static CallAim Unresolved(string operation, string raw, bool writes) => new(operation, raw, raw, writes, AttemptClass.Unresolved, NotAllowed);

    private static FrozenDictionary<int, ObservedCall> Table(IEnumerable<ObservedCall> calls, MachineKind machine) =>
        calls.Where(call => call.Call.NumberOn(machine) >= 0).ToFrozenDictionary(call => call.Call.NumberOn(machine));
}
