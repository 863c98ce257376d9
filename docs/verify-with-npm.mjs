// usage: node verify-with-npm.mjs SEAL PUB.pem
//
// Checks a seal with the packages @sigstore/bundle and @sigstore/verify that npm 11
// ships for itself: nothing of CTO Harness, and no network. The key and all thresholds
// are the reader's; the seal brings neither.
//
// Where the signature holds, the files that the seal is about are printed as sha256sum
// reads them. The packages do not compare them, so do that too:
//
//   node verify-with-npm.mjs BUNDLE/attestation.sigstore.json PUB.pem > sums &&
//       (cd BUNDLE && sha256sum --strict --check) < sums
//
// and see that no other file lies there. SIGSTORE_MODULES names the folder in which the
// packages are; by default npm is asked where its own are.
// Exit code 0: the signature holds. 1: it does not. 2: wrong words, or no such packages.
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [seal, pem, ...more] = process.argv.slice(2);
if (pem === undefined || more.length > 0) {
  console.error("usage: node verify-with-npm.mjs SEAL PUB.pem");
  process.exit(2);
}

let sigstore;
try {
  const folder = process.env.SIGSTORE_MODULES ?? join(execFileSync("npm", ["root", "-g"], { encoding: "utf8" }).trim(), "npm", "node_modules");
  const require = createRequire(join(folder, "any.js"));
  sigstore = { ...require("@sigstore/bundle"), ...require("@sigstore/verify") };
} catch (missing) {
  console.error(`@sigstore/bundle and @sigstore/verify were not found (${missing.message.split("\n")[0]}); they come with npm 11: npm install -g npm@11`);
  process.exit(2);
}

try {
  const key = createPublicKey(readFileSync(pem)).export({ type: "spki", format: "der" });
  const id = createHash("sha256").update(key).digest("hex");
  const bundle = sigstore.bundleFromJSON(JSON.parse(readFileSync(seal, "utf8")));
  const trust = sigstore.toTrustMaterial(
    { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] },
    { [id]: { rawBytes: key } },
  );
  const verifier = new sigstore.Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, tsaThreshold: 0 });
  verifier.verify(sigstore.toSignedEntity(bundle));

  const envelope = bundle.content.dsseEnvelope;
  if (envelope.payloadType !== "application/vnd.in-toto+json") {
    throw new Error(`the payload is of the type ${JSON.stringify(envelope.payloadType)}`);
  }
  const statement = JSON.parse(envelope.payload.toString("utf8"));
  for (const { name, digest } of statement.subject) {
    if (!/^[0-9a-f]{64}$/.test(digest.sha256) || /[\\\u0000-\u001f\u007f]|^\/|(^|\/)\.\.?(\/|$)/.test(name)) {
      throw new Error(`a subject is called ${JSON.stringify(name)}`);
    }
  }
  process.stdout.write(statement.subject.map(({ name, digest }) => `${digest.sha256}  ${name}\n`).join(""));
  console.error(`the signature of ${id} holds; now compare the ${statement.subject.length} files with sha256sum`);
} catch (refused) {
  console.error(`refused: ${JSON.stringify(refused.code ?? refused.name)} ${JSON.stringify(refused.message)}`);
  process.exit(1);
}
