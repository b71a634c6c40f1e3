// SPDX-License-Identifier: Apache-2.0

/** The version of this agent, as package.json says it (a test holds the two together). */
export const AGENT_VERSION = "0.1.0";
