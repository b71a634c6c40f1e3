// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { activity } from "@/server/cluster/drbd-words";
import { formatDuration, formatPercent, joinWords } from "@/server/cluster/words";
import { mirrorName } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { type Mirror, nodeOf } from "../look";
import { isDrbdHeard, pairOf, pairsOf, sideOf, type VerifyPair } from "../verify-pair";
import { endsOf } from "./verify-ends";

/** The mirror that is meant is one of this cluster's, and some node's DRBD tells by which name its tools know it. */
export const mirrorIsKnown = defineGuard({
  name: "mirror-is-known",
  number: "3.13",
  check(context) {
    const { view, touched } = context;
    const [key] = touched.mirrors;
    if (key === undefined || !view.has(key))
      return [{ level: "block", message: "There is no such mirror in this cluster. Choose one that it has.", about: [] }];
    if (pairOf(context) !== null) return [];
    const message =
      "None of its nodes tells how its DRBD is called and which version runs: it cannot be asked. Look at DRBD on the nodes themselves.";
    return [{ level: "block", message, about: [key] }];
  },
});

/** Both ends are heard now: what is compared, and how it goes, has two witnesses. */
export const verifyEndsAreHeard = defineGuard({
  name: "verify-ends-are-heard",
  number: "0.1",
  check(context) {
    const pair = pairOf(context);
    const silent = pair === null ? [] : endsOf(pair).filter((node) => !isDrbdHeard(context.view, node));
    if (pair === null || silent.length === 0) return [];
    const message = `DRBD on ${joinWords(silent)} is not read now: not known how ${mirrorName(pair.mirror)} stands there. Look at the agent there.`;
    return [{ level: "block", message, about: silent.map(keyOf.node) }];
  },
});

/** Comparing needs both copies: the line between them is up. */
export const verifyEndsAreConnected = defineGuard({
  name: "verify-ends-are-connected",
  number: "1.1",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    // What is only remembered is told as not heard.
    const cut = pairsOf(pair).filter(({ line }) => line === "cut");
    return cut.map(({ a, b, aSays, bSays, said }): Found => {
      const words = [aSays === null ? null : `${a} says ${aSays}`, bSays === null ? null : `${b} says ${bSays}`].filter(
        (word) => word !== null,
      );
      const how = words.length === 0 ? said.word : words.join(", ");
      const message = `${mirrorName(pair.mirror)} is not connected between ${a} and ${b} (${how}). Verify compares both copies, so both must be there: connect them first.`;
      return { level: "block", message, about: [pair.key] };
    });
  },
});

const QUEUE_IT = "A verify can start after it: put it in the queue.";

/** Nothing is copied or compared between them now: DRBD does one at a time. */
export const mirrorIsAtRest = defineGuard({
  name: "mirror-is-at-rest",
  number: "1.2",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    return pairsOf(pair).flatMap((line): Found[] => {
      const words = [line.a, line.b].flatMap((node) => replicationsOf(context.view, pair, node, node === line.a ? line.b : line.a));
      if (line.line !== "resync" && line.line !== "verify" && !words.some((word) => BUSY.has(activity(word)))) return [];
      const says = `${mirrorName(pair.mirror)}: ${line.line === "verify" ? "a verify runs" : line.said.word}${howFar(line)}. ${QUEUE_IT}`;
      return [{ level: "block", message: says, about: [pair.key] }];
    });
  },
});
const BUSY: ReadonlySet<string> = new Set(["starting", "resync", "paused", "verify", "aheadBehind", "unknown"]);

/** What a node's own kernel says of its line to a peer; 8.x has one peer, without a name. */
function replicationsOf(view: Parameters<typeof sideOf>[0], { mirror }: VerifyPair, node: string, peer: string): string[] {
  const peers = sideOf(view, mirror, node)?.device.peers ?? [];
  return peers
    .filter(({ name, connection }) => (name === null || name === peer) && connection === "Connected")
    .map((one) => one.replication);
}

function howFar({ progress }: Mirror["pairs"][number]): string {
  if (progress === null) return "";
  const left = progress.etaSeconds === null ? "" : `, ${formatDuration(progress.etaSeconds * 1000)} left`;
  return ` (${formatPercent(progress.percent)}${left})`;
}

/** DRBD compares digests, and has to be told of which kind. */
export const verifyAlgIsSet = defineGuard({
  name: "verify-alg-is-set",
  number: "1.3",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const ends = endsOf(pair).map((node) => ({ node, alg: algOf(context.view, pair, node) }));
    const without = ends.flatMap(({ node, alg }) => (alg === "none" ? [node] : []));
    const unknown = ends.flatMap(({ node, alg }) => (alg === null ? [node] : []));
    const name = mirrorName(pair.mirror);
    if (without.length > 0) {
      const section = pair.step.generation === "8.3" ? "syncer" : "net";
      const message = `No verify-alg is set for ${name} on ${joinWords(without)}: DRBD would refuse. Put ${section} { verify-alg crc32c; } into its resource section on every node, then run drbdadm adjust ${pair.step.resource} there. This console does not change DRBD's configuration.`;
      return [{ level: "block", message, about: [pair.key] }];
    }
    if (unknown.length === 0) return [];
    const message = `DRBD's settings on ${joinWords(unknown)} could not be read: whether a verify-alg is set for ${name} is not known. DRBD itself refuses where none is.`;
    return [{ level: "warn", message, about: [pair.key] }];
  },
});

/** The digest that a node would use; "none" where its settings are read and name none, null where they are not read. */
function algOf(view: Parameters<typeof sideOf>[0], pair: VerifyPair, node: string): string | null {
  const connections = sideOf(view, pair.mirror, node)?.settings?.connections ?? [];
  const others = endsOf(pair).filter((end) => end !== node);
  const own = connections.filter(({ peer }) => peer === null || connections.length === 1 || others.includes(peer));
  if (own.length === 0) return null;
  return own.some(({ verifyAlg }) => !verifyAlg) ? "none" : (own[0]?.verifyAlg ?? null);
}

/** Both ends can compute the digest, and the same one. */
export const verifyAlgIsLoaded = defineGuard({
  name: "verify-alg-is-loaded",
  number: "1.4",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const ends = endsOf(pair).flatMap((node) => {
      const alg = algOf(context.view, pair, node);
      return alg === null || alg === "none" ? [] : [{ node, alg }];
    });
    const found: Found[] = [];
    if (new Set(ends.map(({ alg }) => alg)).size > 1) {
      const words = joinWords(ends.map(({ node, alg }) => `${alg} on ${node}`));
      const message = `verify-alg differs: ${words}. DRBD refuses to connect so once it is set on both: make it the same, and run drbdadm adjust.`;
      found.push({ level: "warn", message, about: [pair.key] });
    }
    const missing = ends.filter(({ node, alg }) => nodeOf(context.view, node)?.digests?.includes(alg) === false);
    if (missing.length > 0) {
      const words = joinWords(missing.map(({ node, alg }) => `${alg} on ${node}`));
      const message = `/proc/crypto does not list ${words}: the kernel may load it when DRBD asks, else DRBD refuses (VERIFYAlgNotAvail). modprobe it there, or choose another.`;
      found.push({ level: "warn", message, about: missing.map(({ node }) => keyOf.node(node)) });
    }
    return found;
  },
});

/** DRBD 8.4 takes a verify with a Diskless peer, exits 0, and does nothing. */
export const copiesHaveDisks = defineGuard({
  name: "copies-have-disks",
  number: "1.5",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const without = pair.mirror.copies.filter(
      ({ node, disk }) => endsOf(pair).includes(node) && /^(Diskless|Detaching|Failed)$/.test(disk),
    );
    if (without.length === 0) return [];
    const names = joinWords(without.map(({ node, disk }) => `${node} is ${disk}`));
    const message = `${mirrorName(pair.mirror)}: ${names}. There is nothing to compare with; DRBD would say nothing and do nothing. Attach the disk first.`;
    return [{ level: "block", message, about: [pair.key] }];
  },
});

/** Comparing a copy that is known to be old says nothing new: it is resynced first. The kernel would take it. */
export const copiesAreUpToDate = defineGuard({
  name: "copies-are-up-to-date",
  number: "1.6",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const behind = pair.mirror.copies.filter(
      ({ node, disk }) => endsOf(pair).includes(node) && disk !== "UpToDate" && !/^(Diskless|Detaching|Failed)$/.test(disk),
    );
    if (behind.length === 0) return [];
    const names = joinWords(behind.map(({ node, disk }) => `${node} is ${disk}`));
    const message = `${mirrorName(pair.mirror)}: ${names}, not UpToDate. What is known to differ is resynced first, then compared.`;
    return [{ level: "block", message, about: [pair.key] }];
  },
});
