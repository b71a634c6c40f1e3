// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity, EntityOf, Said } from "@/agent/protocol/console/view";
import { cluster, node, resource, said, source } from "@/components/factories";
import { drbd } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { ClusterView } from "./ClusterView";

afterEach(cleanup);

const heard = [cluster(), source("crystal", "pacemaker"), source("ruby", "pacemaker"), drbd("crystal", "store"), drbd("ruby", "store")];

/** A promotable clone of DRBD, Promoted on ruby, with its member. */
function clone(name: string, part: Partial<EntityOf<"resource">> = {}): Entity[] {
  const place = (at: string, role: string, own: Said = said("ok", role)) => ({ node: at, role, said: own });
  const places = [place("ruby", "Promoted"), place("crystal", "Unpromoted")];
  return [
    resource(`ms_${name}`, {
      type: "promotable",
      agent: null,
      children: [`p_${name}`],
      places,
      said: said("ok", "Promoted on ruby"),
      ...part,
    }),
    resource(`p_${name}`, { agent: "ocf:linbit:drbd", parents: [`ms_${name}`], places }),
  ];
}
const fence = resource("p_fence_crystal", { agent: "stonith:fence_ipmilan" });

function services(entities: readonly Entity[]): string {
  const live = liveFixture([...heard, ...entities]);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
  return (screen.getByRole("region", { name: "Services" }).textContent ?? "").replaceAll("\u00a0", " ");
}
const both = [node("crystal"), node("ruby")];

describe("what the cluster runs for itself", () => {
  test("is one line per kind and node while nothing ails it", () => {
    const shown = services([...both, ...clone("store"), ...clone("mail"), fence, resource("g_vm")]);
    expect(shown).toContain("2 DRBD clones, none promoted here");
    expect(shown).toContain("2 DRBD clones, 2 promoted here");
    expect(shown).toContain("fencing: p_fence_crystal started");
    expect(screen.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent)).not.toContain("ms_store");
    expect(screen.getByRole("heading", { name: "g_vm" })).toBeDefined();
  });

  test("unfolds the one that is not as it should be", () => {
    const shown = services([...both, ...clone("store", { said: said("risk", "promoted nowhere") }), ...clone("mail"), fence]);
    expect(shown).toContain("1 DRBD clone, 1 promoted here");
    expect(screen.getAllByRole("heading", { name: "ms_store" }).length).toBe(2);
  });

  test("a fence device that failed stands by itself", () => {
    services([
      ...both,
      { ...fence, said: said("bad", "failed"), places: [{ node: "ruby", role: "Started", said: said("bad", "failed") }] },
    ]);
    expect(screen.getByRole("heading", { name: "p_fence_crystal" })).toBeDefined();
  });
});

test("what runs on a silent node is hearsay: no tick, and who says it", () => {
  const here = [{ node: "crystal", role: "Started", said: said("ok", "started") }];
  const shown = services([node("crystal", { link: "lost" }), node("ruby"), resource("g_mail", { places: here }), ...clone("store")]);
  expect(shown).toContain("started, says ruby");
  expect(shown).toContain("1 DRBD clone, none promoted here, says ruby");
  expect(screen.getByText("started, says ruby").closest("[data-level]")?.getAttribute("data-level")).toBe("unknown");
});

test("in maintenance services keep their words, without a tick and without repeating it", () => {
  const held = (word: string) => said("held", word);
  const started = resource("g_vm", { said: held("started"), places: [{ node: "ruby", role: "Started", said: held("started") }] });
  const shown = services([...both, started, { ...fence, said: held("started"), places: started.places }]);
  expect(shown).not.toContain("neither starts nor stops");
  expect(shown).toContain("fencing: p_fence_crystal started");
  expect(screen.getByText("started").closest("[data-level]")?.getAttribute("data-level")).toBe("held");
});
