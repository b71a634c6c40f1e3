// SPDX-License-Identifier: Apache-2.0
// Online verifies of a real mirror, and their records.
import type { Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VerifyDetail, type VerifyRecord } from "@/agent/protocol/console/verify";
import type { Client } from "@/lab/cluster/api";
import { type Args, confirm as confirmed, preview } from "@/lab/orders";
import type { MachineName } from "../layout";
import { atBrowser, confirm, dialog, shows, untilDone, visit } from "./browser";
import { as, lab, seen, wallTells } from "./lab";

const MIRROR = "mirror:store/0";
const VERIFY = { resource: "store", volume: 0 };
/** A verify of 256 MiB at 8 MiB/s takes half a minute; where emulation has no more processor, many. */
const LONG_MS = 600_000;
const CABLES = ["p1", "p2", "p3", "p4"] as const;
const SECTORS_OF_A_BLOCK = 8;

let operator: Client;
let primary: MachineName;
let secondary: MachineName;
beforeAll(async () => {
  operator = await as("operator");
  const roles = await seen(operator, "the mirror in sync", (view) => {
    const mirror = view.get("mirror", MIRROR);
    return mirror?.said.word === "in sync" ? mirror.copies.map(({ node, role }) => `${node} ${role}`) : null;
  });
  primary = roles.includes("alice Primary") ? "alice" : "bob";
  secondary = primary === "alice" ? "bob" : "alice";
});
afterAll(() => lab.mend(...CABLES));

const settled = () =>
  seen(operator, "the mirror in sync", (view) => (view.get("mirror", MIRROR)?.said.word === "in sync" ? true : null), LONG_MS);

/** The last run's id, or null when there was none. */
async function lastId(): Promise<string | null> {
  return (await operator.view()).get("verify", "verify:store/0")?.last?.id ?? null;
}

/** Waits for the record of a run that is newer than this one. */
async function recordAfter(known: string | null): Promise<VerifyRecord> {
  const last = await seen(
    operator,
    "the end of the verify",
    (view) => {
      const state = view.get("verify", "verify:store/0");
      return state?.running === null && state.last && state.last.id !== known ? state.last : null;
    },
    LONG_MS,
  );
  const { body } = await operator.ask("GET", `/api/v1/verifies/${last.id}`);
  return VerifyDetail.parse(body).record;
}

/**
 * Previews and confirms until it is started. What a node says can be old for a moment under emulation, and it can change between the preview and the
 * click: then nothing is begun, and a person would look again.
 */
async function ordered(verb: string, args: Args): Promise<void> {
  const refusals = new Set<string>();
  try {
    await lab.until(
      async () => {
        const made = await preview(operator, verb, args);
        const blocks = made.findings.filter(({ level }) => level === "block");
        for (const { message } of blocks) refusals.add(message);
        if (blocks.length > 0) return null;
        const answer = await confirmed(operator, made);
        if (answer.did === "started") return true;
        refusals.add([answer.message, ...answer.differences].join(" "));
        return null;
      },
      `The console does not begin ${verb}`,
      LONG_MS,
    );
  } catch (cause) {
    throw new Error([...refusals].join("\n"), { cause });
  }
}

/** Starts one and waits until it moves. */
async function begin(): Promise<void> {
  await ordered("drbd.verify", VERIFY);
  const percent = () =>
    seen(operator, "the verify's progress", (view) => {
      const progress = view.get("mirror", MIRROR)?.pairs[0]?.progress;
      return progress?.kind === "verify" ? { at: progress.percent } : null;
    });
  const first = await percent();
  await seen(operator, "the verify moving", (view) => {
    const progress = view.get("mirror", MIRROR)?.pairs[0]?.progress;
    return (progress?.kind === "verify" && progress.percent > first.at) || null;
  });
}

/** The 4 KiB blocks that a record says differ. */
const blocksOf = ({ ranges }: VerifyRecord) =>
  ranges.flatMap(({ startSector, sectors }) =>
    Array.from({ length: Math.ceil(sectors / SECTORS_OF_A_BLOCK) }, (_, index) => Math.floor(startSector / SECTORS_OF_A_BLOCK) + index),
  );

/** Asks for a verify on `/verify` by mouse, sees it move there, and waits for its record. */
async function verifyByClick(page: Page): Promise<VerifyRecord> {
  const known = await lastId();
  await visit(page, "/verify");
  await page.getByRole("button", { name: "Verify store…" }).click();
  await confirm(page, "Verify store");
  await dialog(page).getByRole("button", { name: "Close" }).last().waitFor();
  await page.keyboard.press("Escape");
  const bar = page.getByRole("region", { name: "Verify of store" }).getByRole("progressbar");
  const figures = new Set<string | null>();
  await lab.until(
    async () => {
      const last = (await operator.view()).get("verify", "verify:store/0")?.last;
      if (last && last.id !== known) throw new Error(`It ended before its bar was seen to move: ${last.says}`);
      for (const figure of await bar.evaluateAll((all) => all.map((one) => one.getAttribute("aria-valuenow")))) figures.add(figure);
      return figures.size > 2 || null;
    },
    "The bar does not move",
    LONG_MS,
  );
  return recordAfter(known);
}

/** The results of a mirror's last runs as its page shows them, the newest first. */
async function recordOnPage(page: Page, count: number): Promise<string[]> {
  await visit(page, "/c/vm/drbd/store");
  const results = page.getByRole("region", { name: "Verifies of store" }).locator("tr [data-result]");
  return lab.until(async () => {
    const said = await results.evaluateAll((all) => all.map((one) => one.getAttribute("data-result") ?? ""));
    return said.length >= count ? said.slice(0, count) : null;
  }, "The mirror's page does not show its runs");
}

describe("at a browser", () => {
  let admin: Awaited<ReturnType<typeof atBrowser>>;
  beforeAll(async () => {
    // Each step of a repair is typed for, so it is an admin's.
    admin = await atBrowser("admin");
  });
  afterAll(() => admin.close());

  test("verify is clicked on a clean mirror: it moves, is clean, and stands in the record", async () => {
    const record = await verifyByClick(admin.page);
    expect(record.says).toMatch(/^Clean: /);
    expect(record).toMatchObject({ result: "clean", cause: "person", by: "admin", ranges: [], algorithm: "crc32c" });
    await shows(admin.page.getByRole("row", { name: /^store/ }), /clean/);
  });

  test("blocks rotten under the Secondary: exactly those differ; repaired step by step on the page; clean again; the record shows all three", async () => {
    const { page } = admin;
    await lab.must(
      secondary,
      `rot() { dd if=/dev/urandom of=/dev/vdb oflag=direct conv=notrunc "$@" 2>/dev/null; }
rot bs=4k seek=300 count=2 && rot bs=4k seek=20000 count=1 && rot bs=512 seek=400001 count=1`,
    );
    const record = await verifyByClick(page);
    expect(record.says).toMatch(/^Differs in /);
    expect(record.result).toBe("differs");
    expect(blocksOf(record).sort((a, b) => a - b)).toEqual([300, 301, 20_000, 50_000]);
    expect(record.differsBytes).toBe(4 * 4_096);

    await visit(page, "/c/vm/drbd/store#repair");
    const repair = page.getByRole("region", { name: /^Steps to repair store/ });
    await shows(repair, new RegExp(`16 KiB on ${secondary} will be overwritten with ${primary}'s copy`));
    for (const title of [`Disconnect store on ${secondary}`, `Connect store on ${secondary}`]) {
      await repair.getByRole("button", { name: `${title}…` }).click();
      await shows(dialog(page), /will be overwritten with/);
      await confirm(page, title);
      await untilDone(page);
    }
    await seen(
      operator,
      "the mirror in sync",
      (view) => (view.get("mirror", MIRROR)?.pairs[0]?.outOfSyncBytes === 0 ? true : null),
      LONG_MS,
    );
    await settled();

    const again = await verifyByClick(page);
    expect(again.says).toMatch(/^Clean: /);
    expect(again).toMatchObject({ result: "clean", ranges: [] });
    expect(await recordOnPage(page, 3)).toEqual(["clean", "differs", "clean"]);
  });
});

test("cut by its cables: aborted, with how far it came and why", async () => {
  const known = await lastId();
  await begin();
  await lab.cut(...CABLES);
  try {
    const record = await recordAfter(known);
    expect(record.result).toBe("aborted");
    expect(record.percent).toBeGreaterThan(0);
    expect(record.says).toMatch(/[Aa]borted at [\d.]+ %.*connection/);
    await wallTells(/(holds|replicate)\b.*\bstore/);
  } finally {
    await lab.mend(...CABLES);
  }
  await settled();
});

test("stopped by a person: aborted, with who", async () => {
  const known = await lastId();
  await begin();
  await ordered("drbd.verifyStop", VERIFY);
  const record = await recordAfter(known);
  expect(record.result).toBe("aborted");
  expect(record.says).toMatch(/[Aa]borted at [\d.]+ %.*stopped/);
  await settled();
});
