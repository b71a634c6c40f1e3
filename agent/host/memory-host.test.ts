// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { memoryHost } from "./memory-host";

test("what is not there is null; what may not be read, is unfinished or too large is refused as the real host refuses it", async () => {
  const host = memoryHost({ files: { "/a/b": "text\n", "/a/cut": "te", "/a/empty": "" }, forbidden: ["/a/secret"] });
  expect(await host.read("/a/none")).toBeNull();
  expect(await host.list("/none")).toBeNull();
  expect(await host.list("/a")).toEqual(["b", "cut", "empty"]);
  expect(await host.read("/a/empty")).toBe("");
  expect(await host.read("/a/cut", { mayBeUnfinished: true })).toBe("te");
  await expect(host.read("/a/cut")).rejects.toMatchObject({ code: "HOST_UNFINISHED" });
  await expect(host.read("/a/b", { maxBytes: 2 })).rejects.toMatchObject({ code: "HOST_TOO_LARGE" });
  await expect(host.read("/a/secret/file")).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
});

test("a file with several texts gives one per read, then the last for ever", async () => {
  const host = memoryHost({ files: { "/f": ["1\n", "2\n"] } });
  expect([await host.read("/f"), await host.read("/f"), await host.read("/f")]).toEqual(["1\n", "2\n", "2\n"]);
});

test("a follower hears what the file holds when it asks for the start, then what is said, until its signal", () => {
  const host = memoryHost({ files: { "/log": "one\ntwo\nhal" } });
  const stop = new AbortController();
  const heard: string[] = [];
  host.follow({ path: "/log", from: "start" }, (line) => heard.push(line), stop.signal);
  host.say("/log", "three");
  stop.abort();
  host.say("/log", "four");
  expect(heard).toEqual(["one", "two", "three"]);
});

test("a tool that is not installed is null; one that is gets its arguments", async () => {
  const host = memoryHost({ tools: { echo: (args) => ({ exitCode: 0, stdout: args.join(" "), stderr: "" }) } });
  expect(await host.run("none", [])).toBeNull();
  expect((await host.run("echo", ["a", "b"]))?.stdout).toBe("a b");
});
