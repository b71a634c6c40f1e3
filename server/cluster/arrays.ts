// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { MdArray, MdMember } from "@/agent/protocol/model/md";
import type { Timing } from "@/agent/protocol/timing";
import { deviceFinder, legOf, plainName } from "./devices";
import type { ClusterFacts } from "./facts";
import { standingOf } from "./freshness";
import { aged, said } from "./said";
import { counted, formatPercent, joinWords } from "./words";

/** The md arrays of every node, their legs joined with what the view knows of those devices. */
export function arrayEntities(
  facts: ClusterFacts,
  entities: ReadonlyMap<string, Entity>,
  around: { nowMs: number; timing: Timing },
): [string, EntityOf<"array">][] {
  const find = deviceFinder(entities);
  return [...facts.nodes.values()].flatMap((node) => {
    const value = node.sources.md?.lastOk?.value;
    if (!value) return [];
    const standing = standingOf(node, "md", around.nowMs, around.timing);
    return value.arrays.map((array): [string, EntityOf<"array">] => [
      keyOf.array(node.node, array.name),
      {
        kind: "array",
        from: { node: node.node, source: "md" },
        array,
        said: aged(judgeArray(array), standing),
        legs: [...array.members]
          .sort(byPlace)
          .map((member) => legOf(find, node.node, member.name, aged(judgeLeg(array, member), standing))),
      },
    ]);
  });
}

/** md prints members in the order of its own list, newest first. */
function byPlace(one: MdMember, other: MdMember): number {
  return (one.slot ?? one.number) - (other.slot ?? other.number) || one.number - other.number;
}

/** A BIOS RAID's container is never active: the arrays in it are. Source: mdadm's super-intel.c and super-ddf.c. */
function isContainer({ state, metadata }: MdArray): boolean {
  return state === "inactive" && metadata !== null && metadata.startsWith("external:") && !metadata.startsWith("external:/");
}

export function isDegraded({ raidDisks, activeDisks }: MdArray): boolean {
  return raidDisks !== null && activeDisks !== null && activeDisks < raidDisks;
}

/** What md writes onto legs to make them whole again. */
function isHealing({ action }: MdArray): boolean {
  return action !== null && action.state === "running" && (action.kind === "recovery" || action.kind === "resync");
}

/** How many more legs may fail; null where that depends on which. Source: md(4). */
export function mayStillLose({ level, raidDisks, activeDisks }: MdArray): number | null {
  if (raidDisks === null || activeDisks === null) return null;
  const missing = raidDisks - activeDisks;
  if (level === "raid1") return Math.max(0, activeDisks - 1);
  if (level === "raid4" || level === "raid5") return Math.max(0, 1 - missing);
  if (level === "raid6") return Math.max(0, 2 - missing);
  return null;
}

export function sayAction({ action }: MdArray): string | null {
  if (action === null) return null;
  if (action.state !== "running") return `${action.kind} ${action.state}`;
  return action.percent === null ? action.kind : `${action.kind} ${formatPercent(action.percent)}`;
}

/** An array in a phrase. */
export function judgeArray(array: MdArray): Said {
  const { state, readOnly, raidDisks, activeDisks, members, mismatchCount, action } = array;
  if (isContainer(array)) return said("ok", "container", "It holds the metadata of a BIOS RAID; the arrays in it are what runs.");
  if (state === "inactive") return said("bad", "not running", "md knows members of it, but has not started it: nothing can use it.");
  if (state === "broken") return said("bad", "broken", "So many legs are gone that md answers with errors only.");
  if (state !== "active") return said("unknown", state, "Not a word this console knows.");
  const doing = sayAction(array);
  const count = raidDisks === null ? counted(members.length, "member") : `${activeDisks} of ${counted(raidDisks, "leg")}`;
  if (isDegraded(array)) {
    const word = doing === null ? count : `${count}, ${doing}`;
    return activeDisks === 0 ? said("bad", word, "No leg is left in sync.") : said("risk", word, sayReserve(array));
  }
  const failed = members.filter(({ flags }) => flags.includes("F"));
  // Without redundancy md prints no counts, and every member is needed.
  if (failed.length > 0 && raidDisks === null)
    return said("bad", `${namesOf(failed)} failed`, "It has no redundancy: I/O to what was there fails.");
  if (failed.length > 0 && raidDisks !== null)
    return said("risk", `${count}, a failed one listed`, `${namesOf(failed)} failed; another took its place.`);
  if (mismatchCount !== null && mismatchCount > 0 && !isChecking(array))
    return said("differs", `${counted(mismatchCount, "sector")} ${mismatchCount === 1 ? "differs" : "differ"}`, sayMismatch(array));
  if (action !== null && doing !== null) {
    const isWaiting = action.state === "PENDING" || action.state === "DELAYED";
    return said(
      "busy",
      `${count}, ${doing}`,
      isWaiting ? WAITING.get(action.state) : isHealing(array) ? "Its legs are being made equal." : null,
    );
  }
  if (readOnly === "read-only") return said("held", `${count}, read-only`, "Somebody set it so.");
  if (readOnly === "auto-read-only") return said("ok", count, "md writes nothing to it until somebody else does.");
  return said("ok", count);
}

const WAITING: ReadonlyMap<string, string> = new Map([
  ["PENDING", "The resync begins with the first write."],
  ["DELAYED", "It waits for another array on the same disks."],
]);

function isChecking({ action }: MdArray): boolean {
  return action !== null && action.state === "running";
}

function namesOf(members: readonly MdMember[]): string {
  return joinWords(members.map(({ name }) => plainName(name)));
}

/** What a degraded array still survives, as a sentence. */
export function sayReserve(array: MdArray): string {
  const reserve = mayStillLose(array);
  if (reserve === null) return "Whether it survives another failed leg depends on which one.";
  return reserve === 0 ? "The next failed leg takes it away." : `It survives ${counted(reserve, "more failed leg")}.`;
}

/** What a mismatch count means, as sentences. Source: md(4), "SCRUBBING AND MISMATCHES". */
export function sayMismatch({ level }: MdArray): string {
  if (level === "raid1" || level === "raid10")
    return "The last check found its legs not equal. Under swap, or files that change while they are written, a few are harmless; any other means that one leg holds wrong data, and md cannot tell which.";
  return "The last check found parity that does not fit its data: if a leg fails now, what is rebuilt there is wrong.";
}

function judgeLeg(array: MdArray, { flags, state }: MdMember): Said {
  const words = state?.split(",") ?? [];
  const note = flags.includes("W") || words.includes("write_mostly") ? ", write-mostly" : "";
  if (flags.includes("F") || words.includes("faulty"))
    return said("bad", "failed", "md took it out after an error; it comes back only when it is added again.");
  if (array.state === "inactive")
    return isContainer(array) ? said("ok", "member") : said("unknown", "not in use", "The array is not running.");
  if (flags.includes("J") || words.includes("journal")) return said("ok", "journal");
  if (flags.includes("S")) return said("ok", `spare${note}`);
  if (flags.includes("R")) return said("busy", "replacement");
  if (words.includes("in_sync") || (!isDegraded(array) && array.action === null))
    return said("ok", `${array.raidDisks === null ? "in use" : "in sync"}${note}`);
  if (words.includes("spare") && isHealing(array)) return said("busy", `rebuilding${note}`);
  if (!isDegraded(array)) return said("ok", `in use${note}`);
  return said("unknown", `in use${note}`, "Whether it is in sync already is not known.");
}
