using System.Globalization;
using System.Text;
using CtoHarness.Core.Observation;
using CtoHarness.Core.Sandboxing;
using CtoHarness.Runtime.Interop;
using Microsoft.Win32.SafeHandles;

namespace CtoHarness.Runtime.Observation;

/// <summary>Looks at every notified call of one sandbox, refuses what aims outside its roots, and records it.</summary>
/// <remarks>It is the record, not the boundary: a program can change its arguments after they were read. The kernel's layers decide on what is used.</remarks>
internal sealed class Supervisor(PlaceMap places, MachineKind machine, AttemptLog log, TimeProvider clock)
{
    private const int NotAllowed = 13;

    // Paths of a sandbox are bytes, here one character each.
    private readonly PlaceMap _places = new(
        [.. places.Roots.Select(Latin)], [.. places.Places.Select(place => (Latin(place.Path), place.Class))]);

    /// <summary>Serves a sandbox until no program of it is left.</summary>
    /// <param name="listener">The notification descriptor.</param>
    internal void Serve(SafeFileHandle listener)
    {
        NotificationCalls.PreferSameProcessor(listener);
        CallReader? reader = null;
        using var resolver = new PathResolver();
        try
        {
            while (NotificationCalls.Next(listener) is { } call)
            {
                log.Count();

                // The root of all its programs is the same: nothing inside can change it.
                if (reader is null && resolver.TryOpen(call.Process))
                {
                    reader = new CallReader(resolver, _places, machine);
                }

                Answer(listener, call, reader);
            }
        }
#pragma warning disable CA1031 // the edge of a thread: what is not caught here ends the whole program. The record says that it is not whole, and closing the listener refuses every further call.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.Fail($"the supervisor failed ({fault.GetType().Name}: {fault.Message})");
        }
    }

    private void Answer(SafeFileHandle listener, Notification call, CallReader? reader)
    {
        if (reader is null)
        {
            log.Fail("the root of the sandbox could not be looked at, so calls were refused unseen");
            _ = NotificationCalls.Refuse(listener, call.Id, NotAllowed);
            return;
        }

        var aim = reader.Read(call);
        var executable = aim.Class is null ? "" : Encoding.Latin1.GetString(ForeignCalls.Link(string.Create(CultureInfo.InvariantCulture, $"/proc/{call.Process}/exe")) ?? []);
        if (aim.Class is null)
        {
            // What the kernel would refuse is refused at once: by the time it looked, something else might stand there.
            if (aim.Error == 0)
            {
                NotificationCalls.LetThrough(listener, call.Id);
            }
            else
            {
                _ = NotificationCalls.Refuse(listener, call.Id, aim.Error);
            }

            return;
        }

        // Only now is it certain that what was read belonged to the program that waits.
        if (!NotificationCalls.IsValid(listener, call.Id))
        {
            return;
        }

        bool? denied = aim.Error == 0 ? null : true;
        if (aim.Error == 0)
        {
            NotificationCalls.LetThrough(listener, call.Id);
        }
        else if (!NotificationCalls.Refuse(listener, call.Id, aim.Error))
        {
            denied = null; // it was killed before the answer came
        }

        log.Add(new Attempt(
            clock.GetUtcNow(), aim.Operation, Utf8(aim.Path), aim.Raw == aim.Path ? "" : Utf8(aim.Raw), call.Process, Utf8(executable), denied, aim.Class.Value, aim.Writes));
    }

    private static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static string Utf8(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
}
