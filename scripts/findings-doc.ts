// SPDX-License-Identifier: Apache-2.0
// docs/findings.md: every rule in words, from the rules themselves. `tsx scripts/findings-doc.ts` writes it anew; `--check` fails
// when it is not as the rules are now. What stands above the mark is written by hand.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RULES } from "@/server/findings/catalog";
import { AREAS } from "@/server/findings/define";

const target = path.resolve(import.meta.dirname, "../docs/findings.md");
const MARK = "<!-- From here on the text is made from the rules: npm run findings-doc -->";

type Rule = (typeof RULES)[number];

function section({ name, doc }: Rule): string {
  const needs = doc.needs.length === 0 ? "" : `- Needs: ${doc.needs.join(", ")}\n`;
  return `### ${doc.title}

\`${name}\` · ${doc.levels.join(", ")}

${doc.means}

- Fires: ${doc.fires}
- Does not: ${doc.not}
- What to do: ${doc.todo}
${needs}`.trimEnd();
}

function text(): string {
  const areas = Object.entries(AREAS).map(([area, title]) => {
    const own = RULES.filter(({ doc }) => doc.area === area);
    return `## ${title}\n\n${own.map(section).join("\n\n")}`;
  });
  return [`${RULES.length} rules.`, ...areas].join("\n\n");
}

const known = readFileSync(target, "utf8");
const [byHand = ""] = known.split(MARK);
const fresh = `${byHand.trimEnd()}\n\n${MARK}\n\n${text()}\n`;
if (!process.argv.includes("--check")) writeFileSync(target, fresh);
else if (fresh !== known) {
  console.error("docs/findings.md is not as the rules are: run `npm run findings-doc`.");
  process.exit(1);
}
