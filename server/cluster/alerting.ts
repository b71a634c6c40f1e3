// SPDX-License-Identifier: Apache-2.0
import type { FindingEntity } from "@/agent/protocol/console/entities/told";

/** A receiver of alerts that does not take them. */
export interface Unsent {
  /** Its id, and the name people gave it. */
  receiver: string;
  name: string;
  sinceMs: number;
  waiting: number;
  givenUp: number;
  /** What it answered last, or why it could not be reached. */
  says: string;
}

/** What the console's alerts have to say in a cluster's view. */
export interface Alerting {
  /** What became of the alerts of findings, by finding id. */
  of: ReadonlyMap<string, NonNullable<FindingEntity["alert"]>>;
  unsent: readonly Unsent[];
}
