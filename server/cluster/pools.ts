// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { ZfsPool, ZfsVdev } from "@/agent/protocol/model/zfs";
import type { Timing } from "@/agent/protocol/timing";
import { deviceFinder, legOf, plainName } from "./devices";
import type { ClusterFacts } from "./facts";
import { standingOf } from "./freshness";
import { aged, said } from "./said";
import { counted, joinWords } from "./words";

/** What a pool says of its data when all is well. */
const NO_ERRORS = "No known data errors";

/** The ZFS pools of every node, their devices joined with what the view knows of them. */
export function poolEntities(
  facts: ClusterFacts,
  entities: ReadonlyMap<string, Entity>,
  around: { nowMs: number; timing: Timing },
): [string, EntityOf<"pool">][] {
  const find = deviceFinder(entities);
  return [...facts.nodes.values()].flatMap((node) => {
    const value = node.sources.zfs?.lastOk?.value;
    if (!value) return [];
    const standing = standingOf(node, "zfs", around.nowMs, around.timing);
    return value.pools.map((pool): [string, EntityOf<"pool">] => [
      keyOf.pool(node.node, pool.name),
      {
        kind: "pool",
        from: { node: node.node, source: "zfs" },
        pool,
        said: aged(judgePool(pool), standing),
        devices: leavesOf(pool).map((vdev) => legOf(find, node.node, vdev.name, aged(judgeDevice(vdev), standing))),
      },
    ]);
  });
}

/** Devices: the lines with nothing below them, headings left out. */
function leavesOf({ vdevs }: ZfsPool): ZfsVdev[] {
  return vdevs.filter((vdev, index) => vdev.state !== null && (vdevs[index + 1]?.depth ?? 0) <= vdev.depth);
}

/** Words of vdev and pool states. Source: zpoolconcepts(7), "Device Failure and Recovery". */
const STATES: ReadonlyMap<string, Said> = new Map([
  ["ONLINE", said("ok", "online")],
  ["AVAIL", said("ok", "spare")],
  ["INUSE", said("busy", "spare in use")],
  ["DEGRADED", said("risk", "degraded")],
  ["OFFLINE", said("held", "offline", "Somebody took it offline.")],
  ["FAULTED", said("bad", "faulted")],
  ["UNAVAIL", said("bad", "not available")],
  ["REMOVED", said("bad", "removed")],
  ["SUSPENDED", said("bad", "suspended", "All I/O to it waits.")],
]);

function judgeDevice({ state, readErrors, writeErrors, checksumErrors, note }: ZfsVdev): Said {
  const known = STATES.get(state ?? "");
  if (!known) return said("unknown", state ?? "no state said", "Not a word this console knows.");
  const counts = [readErrors, writeErrors, checksumErrors];
  const errors = counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
  // A count that is printed rounded ("1.2K") is not known, but it is not none.
  const isRounded = counts.includes(null) && counts.some((count) => count !== null);
  const why = note ?? known.why;
  if ((errors > 0 || isRounded) && known.level === "ok")
    return said(
      "risk",
      isRounded ? "online, many errors" : `online, ${counted(errors, "error")}`,
      `${sayCount(readErrors)} read, ${sayCount(writeErrors)} write, ${sayCount(checksumErrors)} checksum.`,
    );
  return { ...known, why };
}

function sayCount(count: number | null): string {
  return count === null ? "many" : String(count);
}

function judgePool(pool: ZfsPool): Said {
  const known = STATES.get(pool.state);
  if (!known) return said("unknown", pool.state, "Not a word this console knows.");
  const why = pool.status ?? known.why;
  if (known.level === "bad") return { ...known, why };
  if (pool.errors !== null && pool.errors !== NO_ERRORS) return said("bad", "data errors", pool.errors);
  const scan = /^(scrub|resilver) in progress/.exec(pool.scan ?? "")?.[1];
  const done = /([\d.]+)% done/.exec(pool.scan ?? "")?.[1];
  const doing = scan === undefined ? null : `${scan}${done === undefined ? "" : ` ${Math.floor(Number(done))} %`}`;
  const word = doing === null ? known.word : `${known.word}, ${doing}`;
  if (known.level !== "ok") return said(known.level, word, why);
  const leaves = leavesOf(pool).map((vdev) => ({ name: plainName(vdev.name), said: judgeDevice(vdev) }));
  const named = (level: Said["level"]) => joinWords(leaves.flatMap((one) => (one.said.level === level ? [one.name] : [])));
  // A lost cache or spare leaves its pool ONLINE.
  if (named("bad") !== "") return said("risk", "a device is gone", `The pool is ${pool.state} without ${named("bad")}.`);
  if (named("risk") !== "") return said("risk", "device errors", `${named("risk")} had errors; ZFS mended what it could.`);
  if (named("unknown") !== "") return said("unknown", "a device not known", `What ZFS says of ${named("unknown")} is not known here.`);
  return doing === null ? said("ok", known.word, null) : said("busy", word, pool.scan);
}
