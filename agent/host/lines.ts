// SPDX-License-Identifier: Apache-2.0

/** Longest line that is passed on; the rest of a longer one is dropped. */
export const MAX_LINE_BYTES = 8 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Cuts a byte stream into lines: memory stays bounded whatever comes, a character is never cut by a chunk's end. */
export function createLineSplitter(onLine: (line: string) => void): { push(chunk: Buffer): void; reset(): void } {
  let parts: Buffer[] = [];
  let size = 0;

  function keep(piece: Buffer): void {
    const room = MAX_LINE_BYTES - size;
    if (piece.length === 0 || room <= 0) return;
    const kept = piece.subarray(0, room);
    parts.push(Buffer.from(kept));
    size += kept.length;
  }
  function flush(): void {
    const line = Buffer.concat(parts, size);
    parts = [];
    size = 0;
    const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
    onLine(line.toString("utf8", 0, end));
  }

  return {
    push(chunk) {
      let from = 0;
      for (;;) {
        const to = chunk.indexOf(NEWLINE, from);
        if (to === -1) break;
        keep(chunk.subarray(from, to));
        flush();
        from = to + 1;
      }
      keep(chunk.subarray(from));
    },
    reset() {
      parts = [];
      size = 0;
    },
  };
}
