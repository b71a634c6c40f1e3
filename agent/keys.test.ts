// SPDX-License-Identifier: Apache-2.0
import { chmodSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { isSignedBy, loadKeys, loadOrMakeKeys, newKeys } from "./keys";
import { emptyFolder } from "./test-folder";

const bytes = new TextEncoder().encode("quarterdeck link 1\n");

test("a key is made once, for its owner's eyes only, and is the same ever after", async () => {
  const folder = path.join(emptyFolder(onTestFinished), "state");
  expect(await loadKeys(folder)).toBeNull();
  const made = await loadOrMakeKeys(folder);
  expect(readdirSync(folder)).toEqual(["agent.key"]);
  expect(statSync(path.join(folder, "agent.key")).mode & 0o777).toBe(0o600);
  chmodSync(path.join(folder, "agent.key"), 0o644);
  expect((await loadOrMakeKeys(folder)).publicKey).toBe(made.publicKey);
  expect(statSync(path.join(folder, "agent.key")).mode & 0o777).toBe(0o600);
  expect(Buffer.from(made.publicKey, "base64")).toHaveLength(32);
});

test("a file that is no key is named, with what to do", async () => {
  const folder = emptyFolder(onTestFinished);
  writeFileSync(path.join(folder, "agent.key"), "rubbish");
  await expect(loadKeys(folder)).rejects.toThrow(/agent\.key is not a private key.*enrol/);
});

test("a signature holds for its key and its bytes only", () => {
  const keys = newKeys();
  const signature = keys.sign(bytes);
  expect(isSignedBy(keys.publicKey, bytes, signature)).toBe(true);
  expect(isSignedBy(newKeys().publicKey, bytes, signature)).toBe(false);
  expect(isSignedBy(keys.publicKey, new TextEncoder().encode("other"), signature)).toBe(false);
});

test("no key and no signature, however odd, throws or passes", () => {
  const { publicKey } = newKeys();
  fc.assert(fc.property(fc.base64String(), fc.base64String(), (key, signature) => !isSignedBy(key, bytes, signature)));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (odd) => !isSignedBy(publicKey, bytes, Buffer.from(odd).toString("base64"))));
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      (odd) => !isSignedBy(Buffer.from(odd).toString("base64"), bytes, newKeys().sign(bytes)),
    ),
  );
});
