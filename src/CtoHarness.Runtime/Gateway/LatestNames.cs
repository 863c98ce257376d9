namespace CtoHarness.Runtime.Gateway;

/// <summary>The names that were added last; there is room for so many, and the oldest goes.</summary>
internal sealed class LatestNames
{
    private const int Most = 1024;
    private readonly Lock _gate = new();
    private readonly Queue<string> _order = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Whether a name is among them.</summary>
    internal bool Contains(string name)
    {
        lock (_gate)
        {
            return _names.Contains(name);
        }
    }

    /// <summary>Adds a name, or takes it away.</summary>
    internal void Set(string name, bool isIn)
    {
        lock (_gate)
        {
            if (!isIn)
            {
                _names.Remove(name);
            }
            else if (_names.Add(name))
            {
                _order.Enqueue(name);
                if (_order.Count > Most)
                {
                    _names.Remove(_order.Dequeue());
                }
            }
        }
    }
}
