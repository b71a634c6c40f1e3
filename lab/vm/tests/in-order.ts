// SPDX-License-Identifier: Apache-2.0
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files of a lab that is brought up once go in the order of their names: what one leaves behind, the next may rely on. All others as ever. */
export class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isInOrder = ({ project }: TestSpecification) => project.name === "vm";
    const byName = (a: TestSpecification, b: TestSpecification) => (a.moduleId < b.moduleId ? -1 : 1);
    return [...sorted.filter((file) => !isInOrder(file)), ...sorted.filter(isInOrder).sort(byName)];
  }
}
