// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { asSentence, counted, joinWords } from "@/server/cluster/words";
import { clusterOf, every, mirrorName } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { asHead, isService, isUsable, members, nodeOf, resourcesOn, touchedMirrors } from "../look";
import { lonelyOf } from "./other-copy-is-up-to-date";

/** What is lost is said, and the name typed, whatever else is found. */
export const fencingIsMeant = defineGuard({
  name: "fencing-is-meant",
  number: "6.1",
  check(context) {
    const { view, touched } = context;
    const { from } = touched;
    if (from === null) return [];
    const services = resourcesOn(view, from)
      .filter(isService)
      .map(({ id }) => id);
    const primaries = touchedMirrors(context).filter(([, { copies }]) =>
      copies.some(({ node, role }) => node === from && role === "Primary"),
    );
    const parts: string[] = [];
    const named = services.length > 4 ? [...services.slice(0, 3), counted(services.length - 3, "other")] : services;
    if (named.length > 0) parts.push(`it runs ${joinWords(named)}`);
    if (primaries.length > 0) parts.push(`it is Primary for ${joinWords(primaries.map(([, mirror]) => mirrorName(mirror)))}`);
    const carries = parts.length === 0 ? "Nothing of the cluster is known to run there." : asSentence(asHead(parts.join("; ")));
    const left = touchedMirrors(context).map(([, mirror]) => {
      const others = (mirror.holders ?? []).filter((node) => node !== from);
      return `${mirrorName(mirror)} ${others.length === 0 ? "nowhere for certain" : `on ${joinWords(others)}`}`;
    });
    const remains = left.length === 0 ? "" : ` Complete elsewhere: ${joinWords(left)}.`;
    const message = `${from} is cut off with no clean stop: what it has not written is lost. ${carries}${remains}`;
    return [{ level: "type", message, about: [keyOf.node(from), ...touchedMirrors(context).map(([key]) => key)] }];
  },
});

/** What it holds is complete elsewhere too. */
export const fencedNodeHoldsNothingAlone = defineGuard({
  name: "fenced-node-holds-nothing-alone",
  number: "6.2",
  check(context): Found[] {
    const { from } = context.touched;
    if (from === null) return [];
    const lonely = lonelyOf(context, from);
    if (lonely.length === 0) return [];
    const names = joinWords(lonely.map(({ mirror }) => mirrorName(mirror)));
    const others = [...new Set(lonely.map((one) => one.others))].slice(0, 3).join("; ");
    const message = `No other complete copy of ${names} is known than ${from}'s: ${others}. Fencing ${from} takes it away. Bring the other copy back first.`;
    return [{ level: "block", message, about: [...lonely.map(({ key }) => key), keyOf.node(from)] }];
  },
});

/** A device can reach it, and somebody else is there to use it. */
export const somebodyCanFence = defineGuard({
  name: "somebody-can-fence",
  number: "6.3",
  check({ view, touched, preview }): Found[] {
    const { from } = touched;
    if (from === null) return [];
    const about = [keyOf.node(from)];
    if (clusterOf(view)?.pacemaker?.fencing.level === "risk") {
      return [
        {
          level: "block",
          message: "Fencing is switched off in this cluster (stonith-enabled). Cut it off by hand at its power switch.",
          about,
        },
      ];
    }
    const devices = preview?.find(({ fenceDevices }) => fenceDevices !== null)?.fenceDevices ?? null;
    const isKnown = every(view, "resource").some(([, { agent }]) => agent?.startsWith("stonith:"));
    if (devices?.length === 0 || (devices === null && !isKnown)) {
      return [{ level: "block", message: `No fencing device can reach ${from}. Cut it off by hand at its power switch.`, about }];
    }
    const others = members(view).filter((node) => node.name !== from && (isUsable(node) || node.state.word === "standby"));
    if (others.length > 0) return [];
    return [{ level: "block", message: `No other node is there to fence ${from}. Cut it off by hand at its power switch.`, about }];
  },
});

/** Fencing worked when it was last tried, and its devices are well. */
export const fencingWorks = defineGuard({
  name: "fencing-works",
  number: "6.4",
  check({ view, touched }): Found[] {
    const last = every(view, "fencing").find(([, { fencing }]) => fencing.target === touched.from && fencing.status !== "pending");
    const found: Found[] = [];
    if (last && last[1].fencing.status === "failed") {
      const reason = last[1].fencing.exitReason;
      const message = `The last fencing of ${touched.from} failed${reason ? `: ${asSentence(reason)}` : "."} It may fail again: be ready to cut it off by hand.`;
      found.push({ level: "warn", message, about: [last[0], keyOf.node(touched.from ?? "")] });
    }
    const devices = every(view, "resource").filter(
      ([, { agent, said, failures }]) => agent?.startsWith("stonith:") && (said.level === "bad" || failures.length > 0),
    );
    if (devices.length > 0) {
      const names = joinWords(
        devices.map(([, { id, said, failures }]) => `${id} (${said.level === "bad" ? said.word : counted(failures.length, "failure")})`),
      );
      const message = `Not every fencing device is well: ${names}. It may not work: be ready to cut ${touched.from} off by hand.`;
      found.push({ level: "warn", message, about: devices.map(([key]) => key) });
    }
    return found;
  },
});

/** With shared data a stop that fails needs fencing: without it the service stays where it is, and nobody else may start it. */
export const fencingIsOn = defineGuard({
  name: "fencing-is-on",
  number: "6.5",
  check({ view, touched }) {
    const cluster = clusterOf(view);
    if (cluster?.pacemaker?.fencing.level !== "risk" || !nodeOf(view, touched.from)) return [];
    const kinds = [
      ...(every(view, "mirror").length > 0 ? ["DRBD"] : []),
      ...(every(view, "mount").some(([, { mount }]) => mount.type === "ocfs2") ? ["OCFS2"] : []),
    ];
    if (kinds.length === 0) return [];
    const message = `Fencing is switched off with ${joinWords(kinds)} in the cluster: a stop that fails leaves its service unmanaged, and it starts nowhere else. Switch it on first.`;
    return [{ level: "warn", message, about: [keyOf.cluster] }];
  },
});
