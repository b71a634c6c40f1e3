// SPDX-License-Identifier: Apache-2.0
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyFolder, put, putTool } from "../test-folder";
import { createHost } from "./node-host";
import { withScratch } from "./scratch";

const parent = () => path.join(emptyFolder(onTestFinished), "scratch");

test("a private folder: nobody else looks into it, and it is gone afterwards", async () => {
  const folder = parent();
  const modes = await withScratch(folder, async (scratch) => {
    await scratch.write("seen.xml", "<cib/>\n");
    expect(await scratch.read("seen.xml")).toBe("<cib/>\n");
    expect(await scratch.read("want.xml")).toBeNull();
    const file = scratch.path("seen.xml");
    return [folder, path.dirname(file), file].map((place) => statSync(place).mode & 0o777);
  });
  expect(modes).toEqual([0o700, 0o700, 0o600]);
  expect(readdirSync(folder)).toEqual([]);
});

test("it is gone after a failure too", async () => {
  const folder = parent();
  const failing = withScratch(folder, async (scratch) => {
    await scratch.write("seen.xml", "<cib/>\n");
    throw new Error("half-way");
  });
  await expect(failing).rejects.toThrow("half-way");
  expect(readdirSync(folder)).toEqual([]);
});

test("a file has a plain name, and what a tool wrote is read within bounds", async () => {
  await withScratch(parent(), async (scratch) => {
    for (const name of ["../x", "a/b", "", ".x", "A"]) expect(() => scratch.path(name)).toThrow("plain name");
    await scratch.write("large.xml", "x".repeat(100));
    await expect(scratch.read("large.xml", { maxBytes: 99 })).rejects.toMatchObject({ code: "HOST_TOO_LARGE" });
  });
});

test("no place for it: a failure that names the folder", async () => {
  const file = put(emptyFolder(onTestFinished), "scratch", "a file\n");
  await expect(withScratch(file, async () => null)).rejects.toMatchObject({ name: "HostError", message: expect.stringContaining(file) });
});

test("a tool is given the copy it works on, and only that run of it", async () => {
  const bin = emptyFolder(onTestFinished);
  putTool(bin, "cibadmin", 'printf "%s\\n" "$CIB_file"');
  const host = createHost({ root: emptyFolder(onTestFinished), bin, cibFile: "/named/cib.xml" });
  onTestFinished(() => host.close());
  expect((await host.run("cibadmin", [], { cibFile: "/copy/want.xml" }))?.stdout).toBe("/copy/want.xml\n");
  expect((await host.run("cibadmin", []))?.stdout).toBe("/named/cib.xml\n");
});
