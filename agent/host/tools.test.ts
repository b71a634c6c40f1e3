// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { hurriedClock } from "../manual-clock";
import { emptyFolder, put, putTool } from "../test-folder";
import { createHost, type NodeHost } from "./node-host";

/** Limits are tested for what happens at them, not for how long they are. */
const SHORT = { timeoutMs: 1_500 };
const PATIENCE = { timeout: 60_000 };

function bin() {
  const folder = emptyFolder(onTestFinished);
  const host = createHost({ root: folder, bin: folder });
  onTestFinished(() => host.close());
  return { folder, host };
}

/** A process is gone when nothing answers to its number, or only its remains wait to be collected. */
function isGone(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return true;
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

function pidIn(file: string): Promise<number> {
  return vi.waitFor(() => {
    const pid = Number(readFileSync(file, "utf8"));
    expect(pid).toBeGreaterThan(1);
    return pid;
  }, PATIENCE);
}

function expectTimeout(host: NodeHost, tool: string): Promise<void> {
  return expect(host.run(tool, [], SHORT)).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
}

test("a tool gets its arguments as they are, and a bare environment", async () => {
  const { folder, host } = bin();
  putTool(folder, "show", 'echo "$1|$2"; env | sort >&2; exit 7');
  process.env.QUARTERDECK_LEAK = "secret";
  onTestFinished(() => {
    delete process.env.QUARTERDECK_LEAK;
  });
  const result = await host.run("show", ["$(reboot)", "a b; c"]);
  expect(result).toMatchObject({ exitCode: 7, stdout: "$(reboot)|a b; c\n" });
  expect(result?.stderr).toContain("LC_ALL=C\n");
  expect(result?.stderr).toContain("TERM=dumb\n");
  expect(result?.stderr).not.toContain("QUARTERDECK_LEAK");
});

test("a tool that is not installed is null; one that may not be started is forbidden", async () => {
  const { folder, host } = bin();
  expect(await host.run("nothing", [])).toBeNull();
  chmodSync(put(folder, "locked", "#!/bin/sh\n"), 0o600);
  await expect(host.run("locked", [])).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
});

test("under a root no tool of the system runs, not even by a path", async () => {
  const { folder, host } = bin();
  expect(await host.run("true", [])).toBeNull();
  expect(await createHost({ root: folder }).run("true", [])).toBeNull();
  for (const tool of ["/bin/true", "../bin/true", ".", ".."]) {
    await expect(host.run(tool, [])).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
  }
  expect(await createHost({ root: "/" }).run("true", [])).toMatchObject({ exitCode: 0 });
});

test("with a CIB file Pacemaker's tools may run, and nothing else", async () => {
  const folder = emptyFolder(onTestFinished);
  const host = createHost({ root: folder, cibFile: put(folder, "cib.xml", "<cib/>\n") });
  for (const tool of ["sh", "env", "stdbuf", "drbdsetup", "crm_master"]) expect(await host.run(tool, ["true"])).toBeNull();
});

test("a tool is told which CIB to answer from", async () => {
  const folder = emptyFolder(onTestFinished);
  putTool(folder, "cibadmin", 'echo "$CIB_file"');
  const host = createHost({ root: folder, bin: folder, cibFile: path.join(folder, "cib.xml") });
  expect((await host.run("cibadmin", []))?.stdout).toBe(`${folder}/cib.xml\n`);
});

test("a tool that hangs is killed at its limit", async () => {
  const { folder, host } = bin();
  putTool(folder, "hang", `echo $$ > '${folder}/pid'; exec sleep 1000`);
  await expectTimeout(host, "hang");
  const pid = await pidIn(path.join(folder, "pid"));
  await vi.waitFor(() => expect(isGone(pid)).toBe(true), PATIENCE);
});

test("a tool that ignores SIGTERM is killed all the same, with what it started", async () => {
  const { folder, host } = bin();
  putTool(folder, "stubborn", `trap '' TERM HUP INT; sleep 1000 & echo $! > '${folder}/pid'; wait`);
  await expectTimeout(host, "stubborn");
  const pid = await pidIn(path.join(folder, "pid"));
  await vi.waitFor(() => expect(isGone(pid)).toBe(true), PATIENCE);
});

test("a grandchild that keeps the output open does not keep the answer", async () => {
  const { folder, host } = bin();
  putTool(folder, "parent", `sleep 1000 & echo $! > '${folder}/pid'; echo done`);
  await expectTimeout(host, "parent");
  const pid = await pidIn(path.join(folder, "pid"));
  await vi.waitFor(() => expect(isGone(pid)).toBe(true), PATIENCE);
});

test("a grandchild that left the process group does not keep the answer either", async () => {
  const { folder, host } = bin();
  putTool(folder, "daemon", `setsid sleep 1000 & echo $! > '${folder}/pid'; echo done`);
  await expectTimeout(host, "daemon");
  process.kill(await pidIn(path.join(folder, "pid")), "SIGKILL");
});

test("a tool that prints without end is killed at the bound", async () => {
  const { folder, host } = bin();
  putTool(folder, "flood", `echo $$ > '${folder}/pid'; exec yes`);
  await expect(host.run("flood", [], { maxBytes: 100_000, timeoutMs: 60_000 })).rejects.toMatchObject({ code: "HOST_TOO_LARGE" });
  const pid = await pidIn(path.join(folder, "pid"));
  await vi.waitFor(() => expect(isGone(pid)).toBe(true), PATIENCE);
  putTool(folder, "grumble", "exec yes >&2");
  await expect(host.run("grumble", [], { maxBytes: 100_000, timeoutMs: 60_000 })).rejects.toMatchObject({ code: "HOST_TOO_LARGE" });
});

test("a tool killed by a signal ends with 128 and its number", async () => {
  const { folder, host } = bin();
  putTool(folder, "dies", "kill -9 $$");
  expect(await host.run("dies", [])).toMatchObject({ exitCode: 137 });
});

test("a tool that cannot be killed is not started a second time before it has ended", async () => {
  const folder = emptyFolder(onTestFinished);
  const spared: number[] = [];
  const host = createHost({ root: folder, bin: folder, kill: (pid) => spared.push(pid) });
  putTool(folder, "stuck", `echo start >> '${folder}/starts'; exec sleep 1000`);
  putTool(folder, "well", "echo well");
  await expectTimeout(host, "stuck");
  await expect(host.run("stuck", [], SHORT)).rejects.toThrow("not started again");
  expect(await host.run("well", [])).toMatchObject({ stdout: "well\n" });
  expect(readFileSync(path.join(folder, "starts"), "utf8")).toBe("start\n");

  for (const pid of spared) process.kill(-pid, "SIGKILL");
  putTool(folder, "stuck", "echo again");
  await vi.waitFor(async () => expect(await host.run("stuck", [])).toMatchObject({ stdout: "again\n" }), PATIENCE);
});

test("closing the host kills what still runs", async () => {
  const { folder, host } = bin();
  putTool(folder, "long", `echo $$ > '${folder}/pid'; exec sleep 1000`);
  const run = host.run("long", [], { timeoutMs: 60_000 });
  const pid = await pidIn(path.join(folder, "pid"));
  host.close();
  expect(await run).toMatchObject({ exitCode: 137 });
  expect(isGone(pid)).toBe(true);
});

test("a followed tool is started again when it ends, and killed when nobody listens any more", async () => {
  const folder = emptyFolder(onTestFinished);
  putTool(folder, "talk", `echo "$$ says $1"; [ -e '${folder}/stay' ] && exec sleep 1000`);
  const host = createHost({ root: folder, bin: folder, clock: hurriedClock(50) });
  const stopping = new AbortController();
  const lines: string[] = [];
  host.follow({ tool: "talk", args: ["hello"] }, (line) => lines.push(line), stopping.signal);
  await vi.waitFor(() => expect(lines.length).toBeGreaterThanOrEqual(3), PATIENCE);
  put(folder, "stay", "");
  const pid = await vi.waitFor(() => {
    const last = Number.parseInt(lines.at(-1) ?? "", 10);
    expect(isGone(last)).toBe(false);
    return last;
  }, PATIENCE);
  expect(lines.at(-1)).toBe(`${pid} says hello`);
  stopping.abort();
  await vi.waitFor(() => expect(isGone(pid)).toBe(true), PATIENCE);
});

/** Does it while this process may open no further file. A shell that was started before gives the old limit back. */
async function withoutDescriptors<T>(act: () => Promise<T>): Promise<T> {
  const ofUs = `prlimit --pid=${process.pid} --nofile`;
  const soft = execFileSync("/bin/sh", ["-c", `${ofUs} --noheadings --output=SOFT`], { encoding: "utf8" }).trim();
  const shell = spawn("/bin/sh", ["-c", `${ofUs}=3: && echo taken; read end; ${ofUs}=${soft}: && echo given`]);
  await once(shell.stdout, "data");
  try {
    return await act();
  } finally {
    shell.stdin.end("\n");
    await once(shell, "close");
  }
}

test("with no file descriptor left a tool fails as one that cannot be read; a followed one is started again later", async () => {
  const folder = emptyFolder(onTestFinished);
  putTool(folder, "talk", "echo here; exec sleep 1000");
  const host = createHost({ root: folder, bin: folder, clock: hurriedClock(50) });
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const lines: string[] = [];
  await withoutDescriptors(async () => {
    await expect(host.run("talk", [])).rejects.toMatchObject({ code: "HOST_READ" });
    host.follow({ tool: "talk" }, (line) => lines.push(line), stopping.signal);
    await expect(host.run("talk", [])).rejects.toMatchObject({ code: "HOST_READ" });
    expect(lines).toEqual([]);
  });
  await vi.waitFor(() => expect(lines).toEqual(["here"]), PATIENCE);
});

test("a doorbell that prints dots without newlines rings", async () => {
  const { folder, host } = bin();
  putTool(folder, "dots", "printf .; exec sleep 1000");
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const heard: string[] = [];
  host.follow({ tool: "dots", chunks: true }, (line) => heard.push(line), stopping.signal);
  await vi.waitFor(() => expect(heard).toEqual(["."]), PATIENCE);
});

test("a followed tool that ends with its input lives while it is followed; one that ended is told of", async () => {
  const { folder, host } = bin();
  putTool(folder, "reads", "echo here; read word; exit");
  const follow = (holdsInput: boolean) => {
    const stopping = new AbortController();
    onTestFinished(() => stopping.abort());
    const told = { lines: 0, silences: 0 };
    const what = { tool: "reads", holdsInput, onSilence: () => (told.silences += 1) };
    host.follow(what, () => (told.lines += 1), stopping.signal);
    return told;
  };
  const [held, ended] = [follow(true), follow(false)];
  await vi.waitFor(() => expect(ended.silences).toBeGreaterThan(0), PATIENCE);
  await vi.waitFor(() => expect(held).toEqual({ lines: 1, silences: 0 }), PATIENCE);
});

test("a followed tool that is not installed is heard once it is", async () => {
  const folder = emptyFolder(onTestFinished);
  const host = createHost({ root: folder, bin: folder, clock: hurriedClock(1_000) });
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const lines: string[] = [];
  host.follow({ tool: "later" }, (line) => lines.push(line), stopping.signal);
  expect(await host.run("later", [])).toBeNull();
  putTool(folder, "later", "echo here; exec sleep 1000");
  await vi.waitFor(() => expect(lines).toEqual(["here"]), PATIENCE);
});
