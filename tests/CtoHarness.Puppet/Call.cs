using System.Runtime.InteropServices;

namespace CtoHarness.Puppet;

/// <summary>A system call by its number here.</summary>
internal readonly record struct Call(int X64, int Arm64)
{
    internal static readonly Call Read = new(0, 63), Write = new(1, 64), Close = new(3, 57), Seek = new(8, 62), Map = new(9, 222), Control = new(16, 29), Pipe2 = new(59, 59);
    internal static readonly Call Socket = new(41, 198), Connect = new(42, 203), SendTo = new(44, 206), SendMessage = new(46, 211), ReceiveFrom = new(45, 207), Bind = new(49, 200);
    internal static readonly Call Exit = new(60, 93), Kill = new(62, 129), Truncate = new(76, 45), FileTruncate = new(77, 46), ChangeFolder = new(80, 49), ChangeModeOfFile = new(91, 52);
    internal static readonly Call Ptrace = new(101, 117), SetPriority = new(141, 140), Dup3 = new(292, 24), SetAttribute = new(188, 5), SetAttributeOfFile = new(190, 7);
    internal static readonly Call AddKey = new(248, 217), KeyControl = new(250, 219), OpenAt = new(257, 56), MakeFolderAt = new(258, 34), MakeNodeAt = new(259, 33), ChangeOwnerAt = new(260, 54);
    internal static readonly Call StatAt = new(262, 79), UnlinkAt = new(263, 35), LinkAt = new(265, 37), SymlinkAt = new(266, 36), ChangeModeAt = new(268, 53), Unshare = new(272, 97);
    internal static readonly Call SetTimesAt = new(280, 88), PrLimit = new(302, 261), ProcessRead = new(310, 270), ProcessWrite = new(311, 271), RenameAt2 = new(316, 276);
    internal static readonly Call SharedGet = new(29, 194), SharedAttach = new(30, 196), SharedControl = new(31, 195), ListFolder = new(217, 61);
    internal static readonly Call PidfdSignal = new(424, 424), PidfdOpen = new(434, 434), PidfdGet = new(438, 438), UringSetup = new(425, 425), UringEnter = new(426, 426);
    internal static readonly Call Clone3 = new(435, 435), OpenAt2 = new(437, 437), SetSession = new(112, 157);

    /// <summary>The number of the call on this machine.</summary>
    internal int Number => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? X64 : Arm64;
}
