// SPDX-License-Identifier: Apache-2.0
import type { VerifyPair } from "../verify-pair";

/** The nodes whose copies are compared. */
export function endsOf({ starter, peers }: Pick<VerifyPair, "starter" | "peers">): string[] {
  return [starter, ...peers];
}
