// SPDX-License-Identifier: Apache-2.0
import { CLUSTER } from "./cluster.factories";
import { FENCING } from "./fencing.factories";
import { LINKS_AND_PATHS } from "./links.factories";
import { MIRRORS } from "./mirrors.factories";
import type { Proof, Proofs } from "./scenes.factories";
import { SOFTWARE } from "./software.factories";
import { STORAGE } from "./storage.factories";

// Fixed values for tests; nothing that runs imports this file.

export const PROOFS: Proofs = { ...MIRRORS, ...CLUSTER, ...FENCING, ...SOFTWARE, ...LINKS_AND_PATHS, ...STORAGE };

/** Every rule has its proof. */
export function proofOf(rule: string): Proof {
  const proof = PROOFS[rule];
  if (!proof) throw new Error(`${rule} has no proof: add it in server/findings/proofs`);
  return proof;
}
