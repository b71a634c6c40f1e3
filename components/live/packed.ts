// SPDX-License-Identifier: Apache-2.0

/**
 * A frame that came packed: the text of the frame, deflated without a header (RFC 1951), in a binary message.
 * @throws when it is not that
 */
export async function unpacked(bytes: ArrayBuffer): Promise<string> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
