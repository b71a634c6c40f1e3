// SPDX-License-Identifier: Apache-2.0
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe has against what is open now, as lines that name the element. */
export async function complaints(page: Page, where: string): Promise<string[]> {
  // Legacy mode asks the page alone, not its frames as well, for which each question would open a page of its own: we have none.
  expect(page.frames(), where).toHaveLength(1);
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${where} ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
