// SPDX-License-Identifier: Apache-2.0
import { startedOn } from "@/sim/model/manager";
import { clusterOf, type Fleet, memberOf, mirrorOf, nodeOf } from "@/sim/model/model";
import { touch } from "@/sim/model/scene";
import { planStep } from "@/sim/model/service-life";
import { tells } from "../harness/screens";
import { boots } from "./boots";
import { type FaultCase, inSync, ofFault, SILENCE, type Stage } from "./case";

/** A verify of 400 GiB in four seconds. */
const SWIFT = ["600"];
const MAIL = ["ruby", "mail"] as const;

const mail = (fleet: Fleet) => mirrorOf(clusterOf(fleet, "san-a"), "mail").links;

/** Only a verify finds it: words are due once that is through. */
function verifyFinds(fault: string, more: (stage: Stage) => void = () => undefined): FaultCase {
  return {
    ...{ cluster: "san-a", name: `${fault}, verified`, paceMs: 0, share: 0.04, shows: tells(/^mail differs in/) },
    make({ desk }) {
      desk.apply(fault, MAIL);
      desk.apply("time-lapse", SWIFT);
      desk.apply("run-verify", MAIL);
    },
    mend(stage) {
      const { desk } = stage;
      desk.repair("time-lapse", SWIFT);
      more(stage);
      // Connected again they copy what differs.
      desk.apply("disconnect", MAIL);
      desk.repair("disconnect", MAIL);
    },
    isThere: (fleet) => mail(fleet).every(({ sync, marked }) => sync === null && marked.length > 0),
    isCalm: inSync("san-a", "mail"),
  };
}

const north = (fleet: Fleet) => clusterOf(fleet, "north").pacemaker;
const member = (fleet: Fleet, name: string) => memberOf(clusterOf(fleet, "north"), name);
/** The cluster has it again, though its Pacemaker may still join: nobody calls it offline any more. One that is about to be fenced, or has lost its power unnoticed, still counts as online. */
const isBack = (name: string) => (fleet: Fleet) => {
  const { isOnline = false, isUnclean = true } = member(fleet, name) ?? {};
  return isOnline && !isUnclean && nodeOf(fleet, name).node.power === "on";
};
const isJoined = (name: string) => (fleet: Fleet) => isBack(name)(fleet) && member(fleet, name)?.isPending === false;
const spool = (fleet: Fleet) => north(fleet).services.find(({ group }) => group === "g_spool");
const hasFailure = (fleet: Fleet) => north(fleet).failures.some(({ resource }) => resource === "p_fs_spool");
const isHome = (fleet: Fleet) => {
  const service = spool(fleet);
  return service !== undefined && startedOn(service) === "narvik" && isJoined("narvik")(fleet) && inSync("north", "spool")(fleet);
};

/** The service's file system has to be started now, where it likes best. */
function startAnew({ change }: Stage): void {
  change((scene) => {
    const cluster = clusterOf(scene.fleet, "north");
    for (const primitive of spool(scene.fleet)?.primitives ?? []) Object.assign(primitive, { state: "Stopped", node: null });
    touch(scene, cluster);
    planStep(scene, cluster, 0);
  });
}

function cleanUp({ desk }: Stage): void {
  desk.repair("stand-by", ["narvik"]);
  desk.apply("clean-up", ["north"]);
  desk.apply("go-home", ["north"]);
}

function failing(task: "start" | "stop"): Pick<FaultCase, "cluster" | "name" | "make" | "mend"> {
  const fault = ofFault("north", `fail-${task}`, "g_spool", "narvik");
  return {
    ...fault,
    make(stage) {
      fault.make(stage);
      if (task === "start") startAnew(stage);
      else stage.desk.apply("stand-by", ["narvik"]);
    },
    mend(stage) {
      fault.mend(stage);
      cleanUp(stage);
    },
  };
}

/** What moves a whole cluster, or time itself: one after the other, when nothing else happens. */
export const TURNS: readonly FaultCase[] = [
  verifyFinds("rot-bits"),
  verifyFinds("change-in-flight", ({ desk }) => desk.repair("change-in-flight", MAIL)),
  {
    ...failing("start"),
    ...{ paceMs: 0, share: 0.04, shows: tells(/^p_fs_spool: 1 operation failed on narvik|^(g|p_fs)_spool failed/) },
    ...{ isThere: hasFailure, isGone: (fleet) => !hasFailure(fleet), isCalm: isHome },
  },
  {
    ...failing("stop"),
    ...{ paceMs: 0, share: 0.01, shows: tells(/^narvik is (unclean|offline)/) },
    isThere: (fleet) => member(fleet, "narvik")?.isUnclean === true || member(fleet, "narvik")?.isOnline === false,
    ...{ isGone: isBack("narvik"), isCalm: (fleet) => isJoined("narvik")(fleet) && inSync("north", "spool")(fleet) },
  },
  {
    ...ofFault("north", "kill-node", "tromso"),
    ...{ paceMs: 0, share: 0.03, shows: tells(/^No word from tromso|^tromso is (unclean|offline)/), settling: SILENCE },
    ...{ isGone: isBack("tromso"), isCalm: isJoined("tromso") },
  },
  {
    ...ofFault("north", "kill-node", "tromso"),
    ...{ name: "kill-node, as the others see it", paceMs: 0, share: 0.03, shows: tells(/^tromso is (unclean|offline)/) },
    isThere: (fleet) => member(fleet, "tromso")?.isOnline === false,
    ...{ isGone: isBack("tromso"), isCalm: isJoined("tromso") },
  },
  ...boots(isJoined),
];
