// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { selectPicture } from "@/components/cluster/picture";
import { said, snapshot } from "@/components/factories";
import { fromSnapshot } from "@/components/live/store";
import { aoe } from "@/components/network-factories";
import { selectPaths } from "./graph";
import { placed } from "./lay-out";
import { PathsList } from "./PathsList";

afterEach(cleanup);

const DEAD = selectPaths(
  selectPicture(
    "attic",
    fromSnapshot(
      snapshot("attic", [
        aoe("hv05", "e1.1", {
          said: said("bad", "nobody answers there"),
          talksTo: [{ mac: "52:54:00:00:01:00", node: "jade", export: null, said: said("bad", "jade, but nobody answers there") }],
        }),
      ]),
    ).clusters.get("attic"),
  ).of,
);

test("whoever cannot see the picture reads what each device stands on, over what, where it is broken and because of what", () => {
  render(<PathsList graph={DEAD} />);
  const region = screen.getByRole("region", { name: "The same in words" });
  expect(within(region).getByRole("heading", { level: 4 }).textContent).toContain("because of e1.1 at jade");
  const [line] = within(screen.getByRole("list", { name: "What e1.1 at hv05 stands on" })).getAllByRole("listitem");
  expect(line?.textContent).toContain("over hv05 eth2: e1.1 at jade");
  expect(line?.textContent).toContain("nobody answers there, broken here");
});

test("every part has its place, clients left of what they stand on", () => {
  const { parts, width, height } = placed(DEAD);
  const [device, address] = DEAD.parts.map(({ id }) => parts.get(id));
  expect(parts.size).toBe(2);
  expect(device?.x).toBeLessThan(address?.x ?? 0);
  expect(width).toBeGreaterThan(300);
  expect(height).toBeGreaterThan(60);
});
