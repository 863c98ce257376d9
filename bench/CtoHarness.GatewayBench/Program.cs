using System.Globalization;
using CtoHarness.GatewayBench;

return args switch
{
    ["serve", var address] => Serving.Run(address),
    ["provider", var bytes] => await Provider.Run(long.Parse(bytes, CultureInfo.InvariantCulture)),
    ["load", var url, var calls, var atOnce] => await Load.Run(new Uri(url), int.Parse(calls, CultureInfo.InvariantCulture), int.Parse(atOnce, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: gateway-bench serve ADDRESS | provider BYTES | load URL CALLS AT-ONCE");
    return 2;
}
