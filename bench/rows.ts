// SPDX-License-Identifier: Apache-2.0
import { agentIdle } from "./agent-idle";
import type { Measurement } from "./row";

/** Everything that is measured; a new one is one file and one line here. */
export const MEASUREMENTS: readonly Measurement[] = [agentIdle];
