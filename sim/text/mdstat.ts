// SPDX-License-Identifier: Apache-2.0

/** One RAID-1 as `/proc/mdstat` prints it. */
export interface MdText {
  name: string;
  sizeKib: number;
  legs: readonly { device: string; number: number; state: "inSync" | "failed" | "rebuilding" }[];
  recovery: { doneKib: number; totalKib: number; rateKibPerSec: number; minutes: number } | null;
}

/** Source: drivers/md/md.c, md_seq_show and status_resync; raid1.c, raid1_status; Linux 5.10. */
export function renderMdstat(arrays: readonly MdText[]): string {
  const blocks = arrays.flatMap((array) => {
    // md adds a member at the head of its list.
    const legs = [...array.legs].reverse().map(({ device, number, state }) => `${device}[${number}]${state === "failed" ? "(F)" : ""}`);
    const good = array.legs.filter(({ state }) => state === "inSync").length;
    const map = array.legs.map(({ state }) => (state === "inSync" ? "U" : "_")).join("");
    return [
      `${array.name} : active raid1 ${legs.join(" ")}`,
      `      ${array.sizeKib} blocks super 1.2 [${array.legs.length}/${good}] [${map}]`,
      ...(array.recovery ? [`      ${progress(array.recovery)}`] : []),
      `      bitmap: ${good === array.legs.length ? "0/4 pages [0KB]" : "1/4 pages [4KB]"}, 65536KB chunk`,
      "",
    ];
  });
  return `${["Personalities : [raid1] ", ...blocks, "unused devices: <none>"].join("\n")}\n`;
}

function progress({ doneKib, totalKib, rateKibPerSec, minutes }: NonNullable<MdText["recovery"]>): string {
  const perMille = Math.trunc((doneKib * 1_000) / totalKib);
  const filled = Math.trunc(perMille / 50);
  const percent = `${String(Math.trunc(perMille / 10)).padStart(3)}.${perMille % 10}`;
  return `[${"=".repeat(filled)}>${".".repeat(20 - filled)}]  recovery =${percent}% (${doneKib}/${totalKib}) finish=${minutes.toFixed(1)}min speed=${rateKibPerSec}K/sec`;
}
