// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { emptyFolder, put } from "../test-folder";
import { createHost } from "./node-host";

/** A tree in a folder of its own, with something precious beside it. */
function tree() {
  const outside = emptyFolder(onTestFinished);
  put(outside, "secret", "precious\n");
  const root = path.join(outside, "root");
  mkdirSync(root);
  return { outside, root, host: createHost({ root }) };
}

/** Does it as a user without rights, whoever runs the tests. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test("a file is read whole, and one that is not there is null", async () => {
  const { root, host } = tree();
  put(root, "proc/drbd", "version: 8.4\n");
  put(root, "proc/empty", "");
  put(root, "proc/large", `${"x".repeat(300_000)}\n`);
  expect(await host.read("/proc/drbd")).toBe("version: 8.4\n");
  expect(await host.read("/proc/empty")).toBe("");
  expect(await host.read("/proc/large")).toHaveLength(300_001);
  expect(await host.read("/proc/nothing")).toBeNull();
  expect(await host.read("/proc/drbd/below")).toBeNull();
});

test("files of the running kernel are read, which say of themselves that they are empty", async () => {
  const host = createHost({ root: "/" });
  expect(host.isReal).toBe(true);
  expect(await host.read("/proc/self/status")).toContain("Pid:");
});

test("a text without a last newline is unfinished, unless that is expected", async () => {
  const { root, host } = tree();
  put(root, "proc/drbd", "version: 8.4\n 0: cs:Conn");
  await expect(host.read("/proc/drbd")).rejects.toMatchObject({ code: "HOST_UNFINISHED" });
  expect(await host.read("/proc/drbd", { mayBeUnfinished: true })).toContain("cs:Conn");
});

test("a file above its bound is refused", async () => {
  const { root, host } = tree();
  put(root, "f", "0123456789\n");
  await expect(host.read("/f", { maxBytes: 10 })).rejects.toMatchObject({ code: "HOST_TOO_LARGE" });
  expect(await host.read("/f", { maxBytes: 11 })).toBe("0123456789\n");
});

test("bytes that are not UTF-8 become replacement characters", async () => {
  const { root, host } = tree();
  execFileSync("/bin/sh", ["-c", `printf 'finish: \\342\\210\\236 \\377\\n' > '${root}/f'`]);
  expect(await host.read("/f")).toBe("finish: ∞ \uFFFD\n");
});

test("a FIFO or a folder is not read and does not hold anything up", async () => {
  const { root, host } = tree();
  execFileSync("mkfifo", [path.join(root, "fifo")]);
  mkdirSync(path.join(root, "folder"));
  await expect(host.read("/fifo")).rejects.toMatchObject({ code: "HOST_READ" });
  await expect(host.read("/folder")).rejects.toMatchObject({ code: "HOST_READ" });
});

test.each(["/../secret", "/proc/../../secret", "/proc/..", "secret", "/a\0b"])("the path %j is refused", async (odd) => {
  const { host } = tree();
  await expect(host.read(odd)).rejects.toMatchObject({ code: "HOST_READ" });
  await expect(host.list(odd)).rejects.toMatchObject({ code: "HOST_READ" });
});

test("links inside the tree are followed, links that lead out of it are not", async () => {
  const { root, outside, host } = tree();
  put(root, "sys/devices/p1/speed", "1000\n");
  mkdirSync(path.join(root, "sys/class/net"), { recursive: true });
  symlinkSync("../../devices/p1", path.join(root, "sys/class/net/p1"));
  symlinkSync("../../../../secret", path.join(root, "sys/class/net/up"));
  symlinkSync(path.join(outside, "secret"), path.join(root, "sys/class/net/absolute"));
  symlinkSync(outside, path.join(root, "sys/class/net/folder"));
  symlinkSync("loop", path.join(root, "loop"));
  expect(await host.read("/sys/class/net/p1/speed")).toBe("1000\n");
  for (const wayOut of ["up", "absolute", "folder/secret", "folder/root/sys/devices/../../../secret"]) {
    await expect(host.read(`/sys/class/net/${wayOut}`)).rejects.toMatchObject({ name: "HostError" });
  }
  await expect(host.list("/sys/class/net/folder")).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
  await expect(host.read("/loop")).rejects.toMatchObject({ code: "HOST_READ" });
});

test("a tree whose name begins like another's does not open the other", async () => {
  const { outside, root, host } = tree();
  put(outside, "root-of-another/secret", "precious\n");
  symlinkSync(path.join(outside, "root-of-another"), path.join(root, "link"));
  await expect(host.read("/link/secret")).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
});

test("what this user may not read is forbidden, not absent", async () => {
  const { root, host } = tree();
  put(root, "sys/kernel/debug/aoe/e0.0", "rttavg: 1\n");
  chmodSync(path.join(root, "sys/kernel/debug"), 0);
  onTestFinished(() => chmodSync(path.join(root, "sys/kernel/debug"), 0o700));
  await asNobody(async () => {
    await expect(host.list("/sys/kernel/debug")).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
    await expect(host.read("/sys/kernel/debug/aoe/e0.0")).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
  });
});

test("a device without an end is refused; one that this user may not open is forbidden", async () => {
  const host = createHost({ root: "/" });
  await expect(host.read("/dev/null")).rejects.toMatchObject({ code: "HOST_READ" });
  const closed = path.join(emptyFolder(onTestFinished), "closed");
  // A user without rights cannot make a device, so a pseudo terminal stands for one: its owner may shut even himself out.
  const terminal = spawn("script", ["-qec", `tty > '${closed}'; chmod 0 "$(tty)"; touch '${closed}.done'; read x`, "/dev/null"]);
  onTestFinished(() => void terminal.kill("SIGKILL"));
  await vi.waitFor(() => expect(existsSync(`${closed}.done`)).toBe(true), { timeout: 60_000 });
  const device = readFileSync(closed, "utf8").trim();
  await asNobody(() => expect(host.read(device)).rejects.toMatchObject({ code: "HOST_FORBIDDEN" }));
});

test("names come sorted; a folder that is not there is null", async () => {
  const { root, host } = tree();
  for (const name of ["b", "a", "c"]) put(root, `proc/net/bonding/${name}`, "");
  expect(await host.list("/proc/net/bonding")).toEqual(["a", "b", "c"]);
  expect(await host.list("/proc/net/nothing")).toBeNull();
  await expect(host.read("/proc/net/bonding")).rejects.toMatchObject({ code: "HOST_READ" });
});

test("a link's own target is told, wherever it leads", async () => {
  const { root, host } = tree();
  put(root, "dev/file", "");
  symlinkSync("../../drbd7", path.join(root, "dev/link"));
  expect(await host.readLink("/dev/link")).toBe("../../drbd7");
  expect(await host.readLink("/dev/nothing")).toBeNull();
  await expect(host.readLink("/dev/file")).rejects.toMatchObject({ code: "HOST_READ" });
  await expect(host.readLink("/dev/..")).rejects.toMatchObject({ code: "HOST_READ" });
});
