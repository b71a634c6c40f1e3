// SPDX-License-Identifier: Apache-2.0
import { visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, read, test } from "./console";
import { FIRST_LOAD_BYTES, firstLoadOf } from "./first-load";

test("an AoE target that does not answer breaks the path where it is, with what stands on it, and not after repair", async ({
  console: page,
}) => {
  await visit(page, "/c/attic");
  await page.getByRole("link", { name: "Paths to the disks" }).click();
  const paths = page.getByRole("region", { name: "From the clients’ devices down to the disks" });
  await expect(paths).toContainText("Nothing known is wrong on any path");
  const words = page.getByRole("region", { name: "The same in words" });
  await expect(words.getByRole("list", { name: "What md0 at hv06 stands on" })).toContainText("e11.6 at glouton");
  expect(await firstLoadOf(page, "/c/attic?view=paths")).toBeLessThanOrEqual(FIRST_LOAD_BYTES);

  await demo().sim.fault("pull-cable", "glouton", "e1p1");
  const broken = paths.getByRole("list", { name: "Where paths are broken or at risk" });
  await expect(broken).toContainText(read(/the way from e11\.6 at hv06 to e11\.6 at glouton glouton does not answer/));
  await expect(broken).toContainText(/because of it .*e11\.6 at hv06/);
  // Each part is there for the keyboard too, and says by itself what it is so because of.
  const device = paths.getByRole("group", { name: /^e11\.6 at hv06, AoE, .*because of the way from/ });
  await device.focus();
  await expect(device).toBeFocused();
  expect(await complaints(page, "paths with a break")).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(device).toBeHidden();
  await expect(words).toContainText(/e11\.6 at hv06.*because of the way from/);
  expect(await complaints(page, "paths with a break at 390")).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 900 });

  await demo().sim.repair("pull-cable", "glouton", "e1p1");
  await expect(paths).toContainText("Nothing known is wrong on any path");
});
