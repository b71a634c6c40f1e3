// SPDX-License-Identifier: Apache-2.0
import { crc32 } from "node:zlib";
import { z } from "zod";
import { decodeJson } from "./protocol/decode";
import { AgentFrame, type JournalFrame } from "./protocol/messages";
import { Readings } from "./protocol/sources";

/** The newest kernel line that was journalled, and the boot that it is of. */
export const LastLine = z.object({ bootId: z.string(), kmsgSeq: z.number().int().nonnegative() });
export type LastLine = z.infer<typeof LastLine>;

/** First record of a journal file: what holds although the frames it was learnt from are acknowledged and gone. */
const Header = z.object({
  kind: z.literal("header"),
  version: z.literal(1),
  journalId: z.string().min(1).max(64),
  nextSeq: z.number().int().positive(),
  facts: Readings,
  lastLine: LastLine.nullable(),
});
export type Header = z.infer<typeof Header>;

const Record = z.discriminatedUnion("kind", [
  Header,
  z.object({ kind: z.literal("frame"), bootId: z.string().nullable(), frame: AgentFrame }),
  z.object({ kind: z.literal("acked"), journalId: z.string(), seq: z.number().int().positive() }),
]);

/** A frame with the boot during which it was made; null where that is not known or does not matter. */
export interface KeptFrame {
  bootId: string | null;
  frame: JournalFrame;
}

/** One line of the file: a checksum and the record, together a JSON array. */
function recordLine(json: string): string {
  return `["${crc32(json).toString(16).padStart(8, "0")}",${json}]\n`;
}

export function frameLine(bootId: string | null, frameText: string): string {
  return recordLine(`{"kind":"frame","bootId":${JSON.stringify(bootId)},"frame":${frameText}}`);
}

export function headerLine(header: Omit<Header, "kind" | "version">): string {
  return recordLine(JSON.stringify({ kind: "header", version: 1, ...header }));
}

export function ackedLine(journalId: string, seq: number): string {
  return recordLine(JSON.stringify({ kind: "acked", journalId, seq }));
}

/** What a journal file says. */
export interface JournalText {
  header: Header | null;
  /** Every frame that could be read and is not acknowledged, in order. */
  frames: KeptFrame[];
  /** Every frame that could be read, acknowledged ones too: for what they teach. */
  seen: KeptFrame[];
  /** The text ends in the middle of a line: that record was never made durable, and so never sent. */
  isTorn: boolean;
  /** Lines that are there, but damaged or out of order. */
  badLines: number;
  /** When the last good frame before the first bad line was made; null when there is none. */
  goodUntilMs: number | null;
}

/** Reads a journal file's text. Pure; never throws and never makes up a frame, whatever the bytes are. */
export function readJournalText(bytes: Buffer): JournalText {
  const found: JournalText = { header: null, frames: [], seen: [], isTorn: false, badLines: 0, goodUntilMs: null };
  let from = 0;
  let last: JournalFrame | null = null;
  for (;;) {
    const to = bytes.indexOf(0x0a, from);
    if (to === -1) break;
    const record = readLine(bytes.toString("utf8", from, to));
    from = to + 1;
    if (record === null || (record.kind === "header") !== (found.header === null && found.seen.length === 0 && found.badLines === 0)) {
      found.badLines++;
      continue;
    }
    switch (record.kind) {
      case "header":
        found.header = record;
        break;
      case "acked": {
        const through = found.frames.findLastIndex(({ frame }) => frame.journalId === record.journalId && frame.seq <= record.seq);
        found.frames.splice(0, through + 1);
        break;
      }
      case "frame": {
        const { bootId, frame } = record;
        // A hole is no damage of its own: it is where an earlier damage was, which a gap already tells.
        if (!("seq" in frame) || (last !== null && last.journalId === frame.journalId && frame.seq <= last.seq)) {
          found.badLines++;
          break;
        }
        last = frame;
        if (found.badLines === 0) found.goodUntilMs = frame.atMs;
        found.frames.push({ bootId, frame });
        found.seen.push({ bootId, frame });
        break;
      }
      default: {
        const never: never = record;
        return never;
      }
    }
  }
  found.isTorn = from < bytes.length;
  return found;
}

function readLine(line: string): z.infer<typeof Record> | null {
  const parts = /^\["([0-9a-f]{8})",(.*)\]$/s.exec(line);
  if (parts === null) return null;
  const [, sum, json] = parts;
  if (sum === undefined || json === undefined || crc32(json) !== Number.parseInt(sum, 16)) return null;
  const record = decodeJson(Record, json);
  return record.ok ? record.value : null;
}
