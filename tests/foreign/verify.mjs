// Checks a credential with Digital Bazaar's tools: {credential, status, did, contexts} comes on standard input,
// {verified, errors, proofs} goes out. Nothing is fetched: what is not in `contexts` or `documents` is an error.
import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import * as jcs from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import * as rdfc from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as statusList from "@digitalbazaar/vc-bitstring-status-list";
import * as vc from "@digitalbazaar/vc";

const given = JSON.parse(readFileSync(0, "utf8"));
const methods = Object.fromEntries(
  given.did.verificationMethod.map((method) => [
    method.id,
    { "@context": "https://w3id.org/security/multikey/v1", ...method },
  ]),
);
const documents = { ...given.contexts, ...methods, [given.did.id]: given.did, [given.status.id]: given.status };

async function documentLoader(url) {
  if (!(url in documents)) throw new Error(`nothing is fetched: ${url}`);
  return { contextUrl: null, document: structuredClone(documents[url]), documentUrl: url, tag: "static" };
}

const suites = { "eddsa-jcs-2022": jcs.createVerifyCryptosuite(), "eddsa-rdfc-2022": rdfc.cryptosuite };
const answer = { verified: true, errors: [], proofs: [] };
for (const proof of given.credential.proof) {
  const suite = new DataIntegrityProof({ cryptosuite: suites[proof.cryptosuite] });
  const checkStatus = (options) =>
    statusList.checkStatus({ ...options, documentLoader, suite: listSuite(), verifyBitstringStatusListCredential: true });
  const listSuite = () => new DataIntegrityProof({ cryptosuite: suites["eddsa-rdfc-2022"] });
  const credential = { ...given.credential, proof };
  documents[given.status.id] = { ...given.status, proof: given.status.proof.find((each) => each.cryptosuite === "eddsa-rdfc-2022") };
  const result = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus });
  const revoked = (result.statusResult?.results ?? []).some((each) => each.status);
  answer.proofs.push({ cryptosuite: proof.cryptosuite, verified: result.verified, revoked });
  answer.verified &&= result.verified;
  if (!result.verified) {
    const errors = [result.error, ...(result.error?.errors ?? []), result.statusResult?.error].filter(Boolean);
    answer.errors.push(...errors.map((error) => `${error.name}: ${error.message}`));
  }
}
console.log(JSON.stringify(answer));
