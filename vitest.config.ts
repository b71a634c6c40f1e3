// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = { "@": path.resolve(import.meta.dirname) };
// A slow machine is slow, not red: limits are generous, and every wait inside a test is for a fact.
const patient = { testTimeout: 120_000, hookTimeout: 120_000 };

/** The files of a lab that is brought up once go in the order of their names: what one leaves behind, the next may rely on. All others as ever. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isInOrder = ({ project }: TestSpecification) => project.name === "vm";
    const byName = (a: TestSpecification, b: TestSpecification) => (a.moduleId < b.moduleId ? -1 : 1);
    return [...sorted.filter((file) => !isInOrder(file)), ...sorted.filter(isInOrder).sort(byName)];
  }
}

export default defineConfig({
  test: {
    // Tests mostly wait for facts: a second worker is worth having also where there are two cores.
    maxWorkers: 2,
    // A lab's nodes, agents and console are ended in order.
    teardownTimeout: 60_000,
    sequence: { sequencer: InOrder },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          ...patient,
          // Reading the same modules anew for each of 170 files took most of the time. Nothing of ours lives in a module's own state.
          isolate: false,
          include: ["{agent,server,sim,components,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
        },
      },
      {
        resolve: { alias },
        // Integration tests start what `npm run build` made: real processes, real sockets, a real database.
        test: { name: "integration", ...patient, include: ["{agent,server,sim,scripts}/**/*.integration.test.ts"], fileParallelism: false },
      },
      {
        resolve: { alias },
        // A real Pacemaker cluster in namespaces, with what was built: one for all files, so they take turns.
        test: {
          name: "cluster",
          testTimeout: 600_000,
          hookTimeout: 600_000,
          include: ["lab/cluster/tests/*.test.ts"],
          globalSetup: ["lab/cluster/tests/global-setup.ts"],
          fileParallelism: false,
        },
      },
      {
        resolve: { alias },
        // Three virtual machines with stock kernels under emulation: one boot for all files, which take turns in the order of their names.
        test: {
          name: "vm",
          testTimeout: 900_000,
          hookTimeout: 1_200_000,
          include: ["lab/vm/tests/*.test.ts"],
          globalSetup: ["lab/vm/tests/global-setup.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
