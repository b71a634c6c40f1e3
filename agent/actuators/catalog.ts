// SPDX-License-Identifier: Apache-2.0
import type { Step, StepKind } from "../protocol/steps";
import type { XmlElement } from "../xml";
import { ban } from "./ban";
import { clear } from "./clear";
import type { CibStep, ToolCall } from "./define";
import { maintenance } from "./maintenance";
import { managed } from "./managed";
import { prefer } from "./prefer";
import { standby } from "./standby";

const CIB_TOOLS = ["cibadmin", "crm_diff", "crm_simulate"] as const;
/** What each kind of step needs on the node. */
export const TOOLS_OF: Readonly<Record<StepKind, readonly string[]>> = {
  standby: ["crm_standby", ...CIB_TOOLS],
  prefer: ["crm_resource", ...CIB_TOOLS],
  ban: ["crm_resource", ...CIB_TOOLS],
  clear: CIB_TOOLS,
  managed: ["crm_resource", ...CIB_TOOLS],
  maintenance: ["crm_attribute", ...CIB_TOOLS],
  cleanup: ["crm_resource"],
  fence: ["stonith_admin", "cibadmin"],
  aoeDiscover: ["aoe-discover"],
  drbdDisconnect: ["drbdadm"],
  drbdConnect: ["drbdadm"],
  drbdTakeFromPeer: ["drbdadm"],
  drbdVerify: ["drbdadm"],
  drbdVerifyStop: ["drbdadm"],
};

/** The tools that make the step's change on a copy of the configuration, which is given as it stands. @throws StepFailure */
export function cibCalls(step: CibStep, cib: XmlElement): readonly ToolCall[] {
  switch (step.kind) {
    case "standby":
      return [standby(step)];
    case "prefer":
      return [prefer(step)];
    case "ban":
      return [ban(step)];
    case "clear":
      return clear(step, cib);
    case "managed":
      return [managed(step)];
    case "maintenance":
      return [maintenance(step)];
    default: {
      const never: never = step;
      return never;
    }
  }
}

/** The step if it changes the configuration; else null. */
export function asCibStep(step: Step): CibStep | null {
  switch (step.kind) {
    case "standby":
    case "prefer":
    case "ban":
    case "clear":
    case "managed":
    case "maintenance":
      return step;
    case "cleanup":
    case "fence":
    case "aoeDiscover":
    case "drbdDisconnect":
    case "drbdConnect":
    case "drbdTakeFromPeer":
    case "drbdVerify":
    case "drbdVerifyStop":
      return null;
    default: {
      const never: never = step;
      return never;
    }
  }
}
