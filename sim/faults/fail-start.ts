// SPDX-License-Identifier: Apache-2.0
import { failing } from "./define";

/** A service cannot be started on a node: it goes elsewhere or stays stopped, until somebody cleans up. */
export const failStart = failing("start", "Let a service's start fail on a node");
