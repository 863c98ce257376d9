namespace CtoHarness.SandboxInit;

/// <summary>Confines itself and becomes the program that it is given.</summary>
internal static class Program
{
    /// <summary>The exit code where the sandbox failed and not the program.</summary>
    internal const int SandboxFailed = 125;

    private static int Main(string[] words)
    {
        if (Orders.Read(words) is not { } orders)
        {
            Console.Error.WriteLine("sandbox-init: it is started by cto-harness, inside a sandbox, with arguments of its own");
            return SandboxFailed;
        }

        try
        {
            Descent.Run(orders);
        }
        catch (RefusedException refused)
        {
            Channel.Say(orders.Channel, 'E', refused.Message);
        }

        return SandboxFailed;
    }
}
