// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync } from "node:zlib";

/** Shorter than this a text gains nothing, or next to nothing. */
const PACKED_FROM = 256;
/** Longer than this it would hold up everything else for milliseconds. */
const PACKED_TO = 128 * 1024;
/** Room for a patch of the usual length; less to set up than the defaults, which are for files. */
const WINDOW = { windowBits: 13, memLevel: 6, chunkSize: 2_048 };

/**
 * A patch as it is written to every browser: a long one packed, once for all of them (see `FeedFrame`).
 * The names and sentences of a patch say the same thing many times; packed it is a half to a third.
 */
export function packed(text: string): string | Buffer {
  return text.length < PACKED_FROM || text.length > PACKED_TO ? text : deflateRawSync(text, WINDOW);
}
