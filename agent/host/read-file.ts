// SPDX-License-Identifier: Apache-2.0
import { close, constants, open, read, stat } from "node:fs";
import { promisify } from "node:util";
import { HostError } from "./host";

const openFile = promisify(open);
const readChunk = promisify(read);
const statFile = promisify(stat);
const closeFile = promisify(close);

/** The kernel hands out a page or a record per read(2), whatever is asked; this is only the most that one read may bring. */
const CHUNK_BYTES = 64 * 1024;
/** Buffers not in use. Reads are few at a time, so this stays at a handful. */
const spare: Buffer[] = [];

/** Refuses anything but a plain file. A device is opened first (and nothing read of it), so that "not permitted" is told from "no file". */
async function expectPlain(place: string, nodePath: string, mayOpenDevice: boolean): Promise<void> {
  const stats = await statFile(place);
  if (stats.isFile()) return;
  if (mayOpenDevice && stats.isCharacterDevice()) await closeFile(await openFile(place, constants.O_RDONLY | constants.O_NONBLOCK));
  throw new HostError("HOST_READ", `${nodePath} is not a plain file`);
}

/**
 * The whole file, read in one loop to its end; never waits for a FIFO's writer.
 * `mayBeDevice`: look at the kind of file first, since only a plain one has an end. Under a root anything may lie anywhere.
 * `mayOpenDevice`: the node's own devices only; one that lies in a recorded tree is never touched.
 * @throws HostError HOST_TOO_LARGE, HOST_READ for anything but a plain file; the system's own error otherwise
 */
export async function readWhole(
  place: string,
  nodePath: string,
  { maxBytes, mayBeDevice, mayOpenDevice }: { maxBytes: number; mayBeDevice: boolean; mayOpenDevice: boolean },
): Promise<Buffer> {
  if (mayBeDevice) await expectPlain(place, nodePath, mayOpenDevice);
  const noFollow = mayBeDevice ? constants.O_NOFOLLOW : 0;
  const fd = await openFile(place, constants.O_RDONLY | constants.O_NONBLOCK | noFollow);
  const chunk = spare.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    const parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const { bytesRead } = await readChunk(fd, chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) break;
      size += bytesRead;
      if (size > maxBytes) throw new HostError("HOST_TOO_LARGE", `${nodePath} is larger than ${maxBytes} bytes`);
      parts.push(Buffer.from(chunk.subarray(0, bytesRead)));
    }
    return Buffer.concat(parts, size);
  } finally {
    spare.push(chunk);
    await closeFile(fd);
  }
}
