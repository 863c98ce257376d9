using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Two at a time: the tests start whole runs, and the machine of a CI job has two cores.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
