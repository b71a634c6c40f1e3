// SPDX-License-Identifier: Apache-2.0
import { failing } from "./define";

/** A service cannot be stopped on a node: the cluster has the node fenced when it tries. */
export const failStop = failing("stop", "Let a service's stop fail on a node");
