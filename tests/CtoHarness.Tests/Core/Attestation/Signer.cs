using System.Security.Cryptography;
using System.Text;
using CtoHarness.Core.Attestation;
using CtoHarness.Core.Contracts;
using CtoHarness.Core.Problems;
using CtoHarness.Core.Verdicts;

namespace CtoHarness.Tests.Core.Attestation;

/// <summary>A key pair of the tests, and things that it signs.</summary>
internal sealed class Signer : IDisposable
{
    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public PublicKey Key => Read(_pair.ExportSubjectPublicKeyInfoPem());

    public static Statement Statement { get; } = new(
        [new Subject("fixture/task.yaml", Digest.Of("task"u8)), new Subject("report.json", Digest.Of("report"u8)), new Subject("é.txt", Digest.Zero)],
        RunPredicate.Type,
        Predicate().Write());

    public static PublicKey Read(string pem) => ((Parsed<PublicKey>.Value)PublicKey.Read("here", pem)).Result;

    public static RunPredicate Predicate()
    {
        var evidence = Sample.CaseRun;
        var identity = evidence.Identity;
        return new RunPredicate(
            identity.Run, Sample.Fixture.Id, identity.Stage, RunStatus.Pass, Fault.None, identity.Engine.Name, identity.Engine.IsStandIn, identity.Model,
            new RunDigests(evidence.Contract!.FixtureDigest, Digest.Of("contract"u8), identity.PolicyDigest, evidence.BackendDigest, identity.Harness.Digest),
            identity.Nonce, identity.NonceFrom, identity.Started.Wall, evidence.Completed.Wall, evidence.Completed.Wall.AddMilliseconds(7), 14, Digest.Of("event"u8), "1", "0.1.0");
    }

    public byte[] Sign(ReadOnlySpan<byte> bytes) => _pair.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public byte[] Seal(byte[] payload) => CtoHarness.Core.Attestation.Seal.Write(payload, Key, Sign(Dsse.ToSign(payload)));

    public byte[] Seal(string payload) => Seal(Encoding.UTF8.GetBytes(payload));

    public OpenedSeal Open(byte[] file) => CtoHarness.Core.Attestation.Seal.Open(file, [Key]);

    public string? RefusalOf(byte[] file) => (Open(file) as OpenedSeal.Refused)?.Check;

    public string? RefusalOf(string file) => RefusalOf(Encoding.UTF8.GetBytes(file));

    public void Dispose() => _pair.Dispose();
}
