// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ParseError } from "../agent/collectors/define";
import { HostError } from "../agent/host/host";
import { byPacemaker } from "./samples/by-pacemaker";
import { captured } from "./samples/captured";
import { differences, inExpectedWords } from "./samples/expected";
import { invented } from "./samples/invented";
import { kindOf, parse } from "./samples/kinds";
import type { Result, Verdict } from "./samples/result";

/**
 * Tries the parsers on folders of texts from the field, and the whole agent on captured nodes.
 *
 *     npx tsx scripts/check-samples.ts [--verbose] DIR…
 *
 * A sample is any text that a parser of ours reads (told by its content). `NAME.expected.json` beside `NAME.txt` says what it
 * must become; a folder named `noisy` holds damaged pastes, which may be refused. A folder with `_commands.txt` is a captured
 * node (scripts/capture-tree.ts). Every value must be right, and hold no word or number that its text does not hold.
 * Exit code 1 when something is wrong, crashed or was refused without being noisy.
 */

async function* samplesIn(folder: string): AsyncGenerator<Result> {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.name === "_commands.txt")) {
    yield* await captured(folder);
    return;
  }
  for (const entry of entries) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* samplesIn(place);
    else if (entry.isFile() && /\.(?:txt|xml)$|^[^.]+$/.test(entry.name)) {
      const result = sample(place);
      if (result !== null) yield result;
      if (result?.kind === "cib") yield* await byPacemaker(place);
    }
  }
}

function sample(place: string): Result | null {
  const text = readFileSync(place, "utf8");
  const kind = kindOf(text);
  if (kind === null) return null;
  const isNoisy = place.split(path.sep).includes("noisy");
  try {
    const value = parse(kind, text);
    // What a CIB's resources are doing is worked out from recorded operations: Pacemaker's own tools are the measure there (below).
    const made = invented(value, text, kind === "cib" ? ["role", "pending"] : []).map((one) => `not in the text: ${one}`);
    const expected = expectedOf(place);
    const wrong = expected === null ? [] : differences(expected, inExpectedWords(value));
    const why = [...made, ...wrong];
    return { kind, place, verdict: why.length > 0 ? "WRONG" : expected === null ? "plausible" : "right", why };
  } catch (error) {
    const isRefusal = error instanceof ParseError || error instanceof HostError;
    const why = [
      error instanceof Error ? error.message : String(error),
      ...(isNoisy || !(error instanceof ParseError) ? [] : ["refused, though not noisy"]),
    ];
    return { kind, place, verdict: isRefusal ? "refused" : "CRASH", why };
  }
}

function expectedOf(place: string): unknown {
  const file = place.replace(/\.[^.]+$/, ".expected.json");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const args = process.argv.slice(2);
const folders = args.filter((arg) => arg !== "--verbose");
if (folders.length === 0) {
  process.stderr.write("usage: npx tsx scripts/check-samples.ts [--verbose] DIR…\n");
  process.exit(2);
}
const counts = new Map<string, Map<Verdict, number>>();
let bad = 0;
for (const folder of folders) {
  for await (const { kind, place, verdict, why } of samplesIn(folder)) {
    const row = counts.get(kind) ?? new Map<Verdict, number>();
    counts.set(kind, row.set(verdict, (row.get(verdict) ?? 0) + 1));
    const isBad = verdict === "WRONG" || verdict === "CRASH" || why.at(-1) === "refused, though not noisy";
    if (isBad) bad += 1;
    if (isBad || verdict === "refused" || args.includes("--verbose"))
      process.stdout.write(`${verdict} ${kind} ${place}\n${why.map((line) => `    ${line}\n`).join("")}`);
  }
}
for (const [kind, row] of counts)
  process.stdout.write(`${kind.padEnd(20)} ${[...row].map(([verdict, count]) => `${verdict} ${count}`).join(", ")}\n`);
process.exit(bad > 0 ? 1 : 0);
