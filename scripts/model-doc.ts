// SPDX-License-Identifier: Apache-2.0
// docs/model.md: every field that an agent reads, with its type, unit and meaning, from the schemas and the comments beside them.
// `tsx scripts/model-doc.ts` writes it; `--check` fails when it is not as the schemas are now, or when a field has no unit it should have.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { CATALOG } from "@/agent/collectors/catalog";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import { SOURCES, SourceName } from "@/agent/protocol/sources";

const root = path.resolve(import.meta.dirname, "..");
const target = path.join(root, "docs/model.md");
const models = path.join(root, "agent/protocol/model");

/** The end of a field's name says its unit (style: units live in the name). Longest first. */
const UNITS: readonly [RegExp, string][] = [
  [/BytesPerSec$/, "byte/s"],
  [/BitsPerSec$/, "bit/s"],
  [/Bytes$/, "byte"],
  [/(^p|P)ercent$/, "%, 0 to 100"],
  [/^mtu$/, "byte"],
  [/Seconds$/, "s"],
  [/AtMs$/, "ms since 1970"],
  [/Ms$/, "ms"],
  [/Us$/, "µs"],
];

interface Documented {
  /** The comment before the const. */
  says: string;
  /** The comments before its fields, by name. */
  fields: ReadonlyMap<string, string>;
  /** Names of the fields, to find the const of a schema. */
  name: string;
}

/** The plain text of a block comment. */
function textOf(comment: string): string {
  return comment
    .trim()
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.trim().replace(/^\*\s?/, ""))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}

/** What stands in comments in one model file: before each exported const, and before each field in it. */
function documentedIn(source: string): Documented[] {
  const found: Documented[] = [];
  const consts = [...source.matchAll(/(\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*)?export const (\w+) = /g)];
  for (const [index, one] of consts.entries()) {
    const body = source.slice((one.index ?? 0) + one[0].length, consts[index + 1]?.index ?? source.length);
    const fields = new Map<string, string>();
    for (const [, comment = "", field = ""] of body.matchAll(/(\/\*\*(?:[^*]|\*(?!\/))*\*\/)\s*(\w+):/g))
      fields.set(field, textOf(comment));
    found.push({ name: one[2] ?? "", says: textOf(one[1] ?? ""), fields });
  }
  return found;
}

const documented = new Map<z.ZodType, Documented>();
const files = readdirSync(models).map((name) => path.join(models, name));
for (const file of [...files, path.join(models, "../errors.ts")]) {
  const exported: Record<string, unknown> = await import(file);
  for (const one of documentedIn(readFileSync(file, "utf8"))) {
    const schema = exported[one.name];
    if (schema instanceof z.ZodType) documented.set(schema, one);
  }
}

interface Field {
  path: string;
  type: string;
  unit: string;
  says: string;
}

/** A schema without what may be missing around it. */
function unwrapped(schema: z.ZodType): { inner: z.ZodType; isNullable: boolean; isOptional: boolean } {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional)
    return { ...unwrapped(asType(schema.unwrap())), isOptional: true };
  if (schema instanceof z.ZodNullable) return { ...unwrapped(asType(schema.unwrap())), isNullable: true };
  return { inner: schema, isNullable: false, isOptional: false };
}

function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new Error("a schema of zod's core that this document does not know");
}

/** The type in words: a nested object is named by its const, or told in place. */
function typeOf(schema: z.ZodType): string {
  const { inner } = unwrapped(schema);
  if (inner instanceof z.ZodArray) return `list of ${typeOf(asType(inner.element))}`;
  if (inner instanceof z.ZodRecord) return `map of text to ${typeOf(asType(inner.valueType))}`;
  if (inner instanceof z.ZodEnum) return inner.options.map((one) => `\`${one}\``).join(", ");
  if (inner instanceof z.ZodObject) return documented.get(inner)?.name ?? "object";
  if (inner instanceof z.ZodString) return "text";
  if (inner instanceof z.ZodBoolean) return "yes or no";
  if (inner instanceof z.ZodNumber) return inner.isInt ? "whole number" : "number";
  throw new Error(`${inner.constructor.name} is not a type that this document knows: teach scripts/model-doc.ts.`);
}

/** The objects inside a schema, where it or its elements are objects. */
function objectIn(schema: z.ZodType): z.ZodObject | null {
  const { inner } = unwrapped(schema);
  if (inner instanceof z.ZodArray) return objectIn(asType(inner.element));
  if (inner instanceof z.ZodRecord) return objectIn(asType(inner.valueType));
  return inner instanceof z.ZodObject ? inner : null;
}

function isNumber(schema: z.ZodType): boolean {
  return unwrapped(schema).inner instanceof z.ZodNumber;
}

const queue: z.ZodObject[] = [];

/** The fields of an object; objects without a name of their own are told in place, the others get a table of theirs. */
function fieldsOf(object: z.ZodObject, notes: Documented | undefined, before = ""): Field[] {
  return Object.entries(object.shape).flatMap(([name, value]): Field[] => {
    const schema = asType(value);
    const { isNullable, isOptional } = unwrapped(schema);
    const nested = objectIn(schema);
    const inPlace = nested !== null && !documented.has(nested);
    if (nested && !inPlace && !queue.includes(nested)) queue.push(nested);
    const may = [isNullable ? "or null" : "", isOptional ? "may be missing" : ""].filter(Boolean).join(", ");
    const unit = isNumber(schema) ? (UNITS.find(([end]) => end.test(name))?.[1] ?? "") : "";
    const own: Field = {
      path: `${before}${name}`,
      type: may === "" ? typeOf(schema) : `${typeOf(schema)}, ${may}`,
      unit,
      says: notes?.fields.get(name) ?? "",
    };
    return nested && inPlace ? [own, ...fieldsOf(nested, notes, `${before}${name}.`)] : [own];
  });
}

/** A table whose columns are as wide as their widest cell, as the formatter would have it. */
function table(fields: readonly Field[]): string[] {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = [
    ["field", "type", "unit", "what it is"],
    ...fields.map(({ path: at, type, unit, says }) => [`\`${at}\``, cell(type), unit, cell(says)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line), ""];
}

/** A number that could be of any unit and does not say which is the beginning of a wrong figure on a page. */
const DIMENSIONLESS =
  /^(minor|volume|port|ports|portCount|api|protoMin|protoMax|lun|is|tag|tpgt|slot|shelf|depth|pid|priority|kmsgSeq|adminEpoch|epoch|numUpdates|cpus|load1|id|number|unacknowledged|epochs|outstanding|window|taint|reads|writes|exitCode|nodes|votes|highestExpected|link|.*(Id|Ids|Count|Errors|Drops|Corrected|Uncorrected|Port|Votes|Disks|Writes|Pending|Seq|Max|Nodes|Epoch))$/;

function render(): { text: string; withoutUnit: string[] } {
  const lines = [
    "# The model",
    "",
    "Every field that an agent reads, made from the schemas in `agent/protocol/model` (`npm run model-doc`); a check fails when it is not.",
    "Null is what the source does not say. Words of the kernel and of tools are kept as read.",
    "",
  ];
  const withoutUnit: string[] = [];
  const told = new Set<z.ZodObject>();
  for (const source of SourceName.options) {
    const model = SOURCES[source];
    lines.push(`## ${SOURCE_WORDS[source].name} (\`${source}\`)`, "", `Read from: \`${CATALOG[source]?.reads ?? "nothing yet"}\``, "");
    queue.length = 0;
    queue.push(model);
    for (let object = queue.shift(); object; object = queue.shift()) {
      if (told.has(object)) continue;
      told.add(object);
      const notes = documented.get(object);
      if (object !== model) lines.push(`### ${notes?.name ?? source}`, "");
      if (notes?.says) lines.push(notes.says, "");
      const fields = fieldsOf(object, notes);
      lines.push(...table(fields));
      for (const field of fields) {
        const name = field.path.split(".").at(-1) ?? "";
        const isBare = /^(whole )?number/.test(field.type) && field.unit === "" && field.says === "" && !DIMENSIONLESS.test(name);
        if (isBare) withoutUnit.push(`${notes?.name ?? source}.${field.path}`);
      }
    }
  }
  return { text: `${lines.join("\n").trimEnd()}\n`, withoutUnit };
}

const { text, withoutUnit } = render();
if (withoutUnit.length > 0) {
  console.error(`Numbers without a unit in their name and without a word of what they count: ${withoutUnit.join(", ")}.`);
  process.exit(1);
}
if (process.argv.includes("--check")) {
  let known = "";
  try {
    known = readFileSync(target, "utf8");
  } catch {
    console.error("docs/model.md is missing."); // the check below says what to do
  }
  if (known !== text) {
    console.error("docs/model.md is not as the schemas are: run `npm run model-doc`.");
    process.exit(1);
  }
} else writeFileSync(target, text);
