namespace CtoHarness.Runtime.Processes;

/// <summary>Does things two at a time, and is over only when all are.</summary>
internal static class Together
{
    /// <summary>Does both.</summary>
    /// <exception cref="Exception">What the other threw; where it threw nothing, what the one threw.</exception>
    internal static (TOne One, TOther Other) Run<TOne, TOther>(Func<TOne> one, Func<TOther> other)
    {
        var task = Task.Run(one);
        TOther result;
        try
        {
            result = other();
        }
        catch
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            _ = task.Exception;
            throw;
        }

        return (task.GetAwaiter().GetResult(), result);
    }

    /// <summary>Does many things, two at a time, in order.</summary>
    internal static void Each(int count, Action<int> act)
    {
        var next = -1;
        (_, _) = Run(Work, Work);

        bool Work()
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                act(number);
            }

            return true;
        }
    }
}
