// SPDX-License-Identifier: Apache-2.0
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { ParseError } from "@/agent/collectors/define";

/** One element; `children` and the joined character data `text` as they stand, attributes decoded. */
export interface XmlElement {
  readonly name: string;
  /** Has no prototype: a name that is not there is undefined, whatever it is called. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** What is refused before it costs memory or time. */
export interface XmlLimits {
  maxBytes?: number;
  maxDepth?: number;
  maxNodes?: number;
  maxValueLength?: number;
}

const DEFAULTS = { maxBytes: 16 * 1024 * 1024, maxDepth: 64, maxNodes: 200_000, maxValueLength: 1024 * 1024 };

/** Control characters that XML 1.0 allows nowhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters that are refused
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/;
/** `<!` opens only comments and CDATA here: document types and entity declarations are refused unread. */
const DECLARATION = /<!(?!--|\[CDATA\[)/;
const REFERENCE = /&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Reads a whole XML document into a plain tree, strictly: well formed, one root, no document type, only the five
 * standard entities and character references (each decoded once), bounded in size, depth and number of nodes.
 *
 * @throws ParseError for anything else; the message names the place, never the content (a CIB holds passwords).
 */
export function readXml(text: string, limits: XmlLimits = {}): XmlElement {
  const { maxBytes, maxDepth, maxNodes, maxValueLength } = { ...DEFAULTS, ...limits };
  if (text.length > maxBytes) throw new ParseError(`XML of ${text.length} characters: more than the ${maxBytes} we read`);
  if (NOT_XML.test(text)) throw new ParseError("not XML: it holds control characters");
  if (DECLARATION.test(text)) throw new ParseError("XML with a document type or entity declaration: refused");
  // The text before the first and after the last tag is not the parser's concern, but it is ours.
  if (!text.trimEnd().endsWith(">")) throw new ParseError("not XML, or cut: it does not end with a tag");
  refuseTooMany(text, maxNodes, maxValueLength);
  const validity = XMLValidator.validate(text);
  if (validity !== true) throw new ParseError(`XML is not well formed at line ${validity.err.line}, column ${validity.err.col}`);
  const documentNodes = asList(parse(text, maxDepth));
  const roots = documentNodes.filter((node) => !isProlog(node));
  const [root] = roots;
  if (root === undefined || roots.length !== 1) throw new ParseError(`XML with ${roots.length} root elements`);
  return toElement(root, maxValueLength);
}

/** Looks only at opening brackets, which cost no memory: how many there are, and how much stands between two of them. */
function refuseTooMany(text: string, maxNodes: number, maxValueLength: number): void {
  let count = 0;
  let before = 0;
  for (let at = text.indexOf("<"); at !== -1; at = text.indexOf("<", at + 1)) {
    if (at - before > maxValueLength + MARKUP_AROUND) throw new ParseError(`XML with a value longer than ${maxValueLength}`);
    before = at;
    count += 1;
  }
  if (text.length - before > maxValueLength + MARKUP_AROUND) throw new ParseError(`XML with a value longer than ${maxValueLength}`);
  if (count > maxNodes * 2) throw new ParseError(`XML with more than ${maxNodes} elements`);
}

/** Room for the names and the other attributes of the tag that holds the longest value. */
const MARKUP_AROUND = 65_536;

function parse(text: string, maxDepth: number): unknown {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    jPath: false,
    maxNestedTags: maxDepth,
  });
  try {
    return parser.parse(text);
  } catch (cause) {
    // The parser's own words quote the text; only the fact goes on.
    throw Object.assign(new ParseError(`XML is not well formed, or nested deeper than ${maxDepth}`), { cause });
  }
}

/** The parser's ordered form: `[{tag: [children…], ":@": {attribute: value}}, {"#text": "…"}]`. */
function toElement(node: Record<string, unknown>, maxValueLength: number): XmlElement {
  const name = tagOf(node);
  const attributes: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(asRecord(node[":@"] ?? {}))) attributes[key] = attributeValue(key, value, maxValueLength);
  const children: XmlElement[] = [];
  let text = "";
  for (const child of asList(node[name])) {
    if (Object.hasOwn(child, "#text")) text += decodeText(child["#text"]);
    else if (!tagOf(child).startsWith("?")) children.push(toElement(child, maxValueLength));
  }
  return { name, attributes, children, text };
}

function attributeValue(name: string, raw: unknown, maxLength: number): string {
  if (typeof raw !== "string") throw new ParseError(`XML attribute ${name.slice(0, 40)} without a value`);
  if (raw.length > maxLength) throw new ParseError(`XML attribute ${name.slice(0, 40)} of ${raw.length} characters: too long`);
  if (raw.includes("<")) throw new ParseError(`XML attribute ${name.slice(0, 40)} holds a bare "<"`);
  return decodeReferences(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, " ") : raw);
}

function decodeText(raw: unknown): string {
  return typeof raw === "string" ? decodeReferences(raw) : "";
}

/** One pass, so that `&amp;lt;` is the four letters `&lt;` and nothing is decoded twice. */
function decodeReferences(raw: string): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(REFERENCE, (_whole, decimal?: string, hex?: string, named?: string) => {
    if (named !== undefined) return NAMED[named] ?? "";
    const code = decimal !== undefined ? Number.parseInt(decimal, 10) : hex !== undefined ? Number.parseInt(hex, 16) : -1;
    if (!isCharacter(code)) throw new ParseError("XML with an unknown entity or an impossible character reference");
    return String.fromCodePoint(code);
  });
}

function isCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0x10ffff && (code & 0xfffe) !== 0xfffe)
  );
}

function isProlog(node: Record<string, unknown>): boolean {
  if (Object.hasOwn(node, "#text")) {
    if (decodeText(node["#text"]).trim() !== "") throw new ParseError("XML with text outside its root element");
    return true;
  }
  return tagOf(node).startsWith("?");
}

function tagOf(node: Record<string, unknown>): string {
  for (const key in node) if (key !== ":@") return key;
  throw new ParseError("XML element without a name");
}

function asList(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new ParseError("XML of an unexpected shape");
  return value.map(asRecord);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function asRecord(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw new ParseError("XML of an unexpected shape");
  return value;
}
