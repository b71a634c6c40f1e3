// SPDX-License-Identifier: Apache-2.0
import { close, closeSync, constants, open, openSync, read, readSync, stat } from "node:fs";
import { promisify } from "node:util";
import { HostError } from "./host";

const openFile = promisify(open);
const readChunk = promisify(read);
const statFile = promisify(stat);
const closeFile = promisify(close);

/** The kernel hands out a page or a record per read(2), whatever is asked; this is only the most that one read may bring. */
const CHUNK_BYTES = 64 * 1024;
/** A kernel attribute is at most a page, given by one read: a shorter answer is all of it. Source: fs/sysfs/file.c */
const ATTRIBUTE_BYTES = 4_096;
/** Buffers not in use. Reads are few at a time, so this stays at a handful. */
const spare: Buffer[] = [];

/** Refuses anything but a plain file. A device is opened first (and nothing read of it), so that "not permitted" is told from "no file". */
async function expectPlain(place: string, nodePath: string, mayOpenDevice: boolean): Promise<void> {
  const stats = await statFile(place);
  if (stats.isFile()) return;
  if (mayOpenDevice && stats.isCharacterDevice()) await closeFile(await openFile(place, constants.O_RDONLY | constants.O_NONBLOCK));
  throw new HostError("HOST_READ", `${nodePath} is not a plain file`);
}

/** How a file is opened and read. */
export interface ReadLimits {
  maxBytes: number;
  /** Look at the kind of file first, since only a plain one has an end. Under a root anything may lie anywhere. */
  mayBeDevice: boolean;
  /** The node's own devices only; one that lies in a recorded tree is never touched. */
  mayOpenDevice: boolean;
  /** The kernel's own text (`/proc`, `/sys` of this node): to open and to close it never waits, only to read it may. */
  isKernels: boolean;
}

function tooLarge(nodePath: string, maxBytes: number): HostError {
  return new HostError("HOST_TOO_LARGE", `${nodePath} is larger than ${maxBytes} bytes`);
}

/**
 * The whole file, read in one loop to its end; never waits for a FIFO's writer.
 * @throws HostError HOST_TOO_LARGE, HOST_READ for anything but a plain file; the system's own error otherwise
 */
export async function readWhole(place: string, nodePath: string, limits: ReadLimits): Promise<Buffer> {
  const { maxBytes, mayBeDevice, mayOpenDevice, isKernels } = limits;
  if (mayBeDevice) await expectPlain(place, nodePath, mayOpenDevice);
  const noFollow = mayBeDevice ? constants.O_NOFOLLOW : 0;
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | noFollow;
  const fd = isKernels ? openSync(place, flags) : await openFile(place, flags);
  const chunk = spare.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const { bytesRead } = await readChunk(fd, chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      size += bytesRead;
      if (size > maxBytes) throw tooLarge(nodePath, maxBytes);
      parts.push(Buffer.from(chunk.subarray(0, bytesRead)));
      if (isKernels && isAttribute(nodePath) && size < ATTRIBUTE_BYTES) break;
    }
    return Buffer.concat(parts, size);
  } finally {
    spare.push(chunk);
    if (isKernels) closeSync(fd);
    else await closeFile(fd);
  }
}

/** debugfs and configfs, which lie below `/sys/kernel`, have files of other kinds too. */
function isAttribute(nodePath: string): boolean {
  return nodePath.startsWith("/sys/") && !nodePath.startsWith("/sys/kernel/");
}

/** As `readWhole`, at once: for what cannot hang (quick-files.ts). @throws HostError HOST_TOO_LARGE; the system's own error otherwise */
export function readWholeNow(place: string, maxBytes: number): Buffer {
  const fd = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK);
  const chunk = spare.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    let whole: Buffer | null = null;
    for (;;) {
      const bytesRead = readSync(fd, chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return whole ?? Buffer.alloc(0);
      const part = Buffer.from(chunk.subarray(0, bytesRead));
      whole = whole === null ? part : Buffer.concat([whole, part]);
      if (whole.length > maxBytes) throw tooLarge(place, maxBytes);
      if (isAttribute(place) && whole.length < ATTRIBUTE_BYTES) return whole;
    }
  } finally {
    spare.push(chunk);
    closeSync(fd);
  }
}
