// SPDX-License-Identifier: Apache-2.0
import { demo, expect, listenTo } from "./console";
import { test } from "./hung-wall";
import { PATIENT, says, saysNoMore } from "./said";

/** Where a service runs, as the console says. */
async function placesOf(cluster: string, id: string): Promise<string[]> {
  const found = (await demo().entities(cluster)).find(({ key }) => key === `rsc:${id}`);
  return found?.entity.kind === "resource" ? found.entity.places.map(({ node, said }) => `${node}: ${said.word}`) : [];
}

test("a service that cannot be stopped has its node fenced; one that cannot be started is down until somebody cleans up", async ({
  console: page,
  wall,
}) => {
  test.setTimeout(300_000);
  const { sim } = demo();
  const told = await listenTo("north");
  await sim.fault("fail-stop", "g_spool", "narvik");
  await sim.fault("stand-by", "narvik");
  await sim.fault("fail-start", "g_mail", "ruby");
  await sim.fault("stand-by", "crystal");
  const [fenced, down] = [/narvik is (unclean|offline)|no word from narvik/i, /(g|p_fs)_mail (is stopped|failed)/];
  await wall.says("north", fenced);
  await wall.says("san-a", down);
  await says(page, [fenced, down], ["/"]);
  await says(page, down, ["/c/san-a"]);
  await sim.repair("fail-stop", "g_spool", "narvik");
  await sim.repair("fail-start", "g_mail", "ruby");
  await sim.fault("clean-up", "san-a");
  await expect.poll(() => placesOf("san-a", "g_mail"), PATIENT).toEqual(["ruby: started"]);
  await expect.poll(() => placesOf("north", "g_spool"), PATIENT).toEqual(["bergen: started"]);
  await told(/^g_spool moved to bergen from narvik/);
  for (const node of ["crystal", "narvik"]) await sim.repair("stand-by", node);
  for (const words of [fenced, down]) await wall.saysNoMore(words);
  await saysNoMore(page, [fenced, down], ["/"]);
});

test("buffers that change in flight: each verify finds other blocks, and a resync ends it", async ({ console: page, wall }) => {
  const { sim } = demo();
  await sim.fault("change-in-flight", "ruby", "mail");
  await sim.fault("time-lapse", "600");
  await sim.fault("run-verify", "ruby", "mail");
  await wall.says("san-a", /mail differs in 12/);
  await says(page, /mail differs in 12/, ["/", "/c/san-a"]);
  await sim.repair("change-in-flight", "ruby", "mail");
  await sim.repair("time-lapse", "600");
  await sim.fault("disconnect", "ruby", "mail");
  await sim.repair("disconnect", "ruby", "mail");
  await saysNoMore(page, /mail differs/, ["/", "/c/san-a"]);
  await wall.saysNoMore(/mail differs/);
});
