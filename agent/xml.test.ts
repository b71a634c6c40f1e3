// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { readXml, type XmlElement } from "./xml";

describe("what is read", () => {
  test("elements in order, attributes, text and the five entities and character references, each decoded once", () => {
    const root = readXml(`<?xml version="1.0"?>
<!-- a comment with <tags> and &entities; -->
<a one="1 &lt; 2" two='&#65;&#x42;&amp;lt;"'><b/>x &amp; y<![CDATA[ <raw> &amp; ]]><c d="tab\there"/><!-- in --><b/></a>
`);
    expect(root.name).toBe("a");
    expect({ ...root.attributes }).toEqual({ one: "1 < 2", two: 'AB&lt;"' });
    expect(root.children.map((child) => child.name)).toEqual(["b", "c", "b"]);
    expect(root.children[1]?.attributes.d).toBe("tab here");
    expect(root.text.startsWith("x & y")).toBe(true);
  });

  test("numbers, booleans and blanks stay the words they are", () => {
    expect({ ...readXml('<a b="007" c="true" d=" x "/>').attributes }).toEqual({ b: "007", c: "true", d: " x " });
  });

  test("an attribute that is not there is undefined, whatever its name", () => {
    const { attributes } = readXml("<a/>");
    expect([attributes.constructor, attributes.toString, attributes.hasOwnProperty]).toEqual([undefined, undefined, undefined]);
  });

  test("any tree of names and values comes back as it was", () => {
    const name = fc.constantFrom("node", "resource", "nvpair", "a-b", "x_1");
    const value = fc.string({ unit: "grapheme" }).filter((text) => !/[\p{Cc}\ud800-\udfff]/u.test(text) && !/[\ufffe\uffff]/.test(text));
    const tree = fc.letrec<{ node: Plain; children: Plain[] }>((tie) => ({
      children: fc.oneof({ depthSize: "small" }, fc.constant<Plain[]>([]), fc.array(tie("node"), { maxLength: 3 })),
      node: fc.record({ name, attributes: fc.dictionary(name, value, { noNullPrototype: true }), children: tie("children") }),
    })).node;
    fc.assert(
      fc.property(tree, (plain) => {
        expect(plainOf(readXml(write(plain)))).toEqual(plain);
      }),
    );
  });
});

interface Plain {
  name: string;
  attributes: Record<string, string>;
  children: Plain[];
}

function plainOf(element: XmlElement): Plain {
  return { name: element.name, attributes: { ...element.attributes }, children: element.children.map(plainOf) };
}

function write({ name, attributes, children }: Plain): string {
  const quoted = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${quoted(value)}"`);
  return `<${name}${pairs.join("")}>${children.map(write).join("\n")}</${name}>`;
}

describe("what is refused", () => {
  const laughs = `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>`;
  const cases: [string, string][] = [
    ["nothing", ""],
    ["plain text", "Cluster Summary:\n  * Stack: corosync\n"],
    ["an unclosed root", "<a><b/>"],
    ["a cut tag", "<a/"],
    ["a cut comment after the root", "<a/><!-- cut"],
    ["two roots", "<a/><b/>"],
    ["text before the root", "x<a/>"],
    ["text after the root", "<a></a>x"],
    ["crossed tags", "<a><b></a></b>"],
    ["an attribute twice", '<a b="1" b="2"/>'],
    ["an attribute without a value", "<a b/>"],
    ["an attribute without quotes", "<a b=1/>"],
    ["a bare < in an attribute", '<a b="<"/>'],
    ["a bare &", '<a b="a & b"/>'],
    ["an unknown entity", "<a>&eacute;</a>"],
    ["an impossible character", "<a>&#0;</a>"],
    ["a surrogate as a character", "<a>&#xD800;</a>"],
    ["a character beyond Unicode", "<a>&#x110000;</a>"],
    ["control characters", "<a>\u0000</a>"],
    ["a document type", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ["entities that grow", laughs],
    ["more elements than the limit", `<a>${"<b/>".repeat(500_000)}</a>`],
    ["10,000 levels", `${"<a>".repeat(10_000)}${"</a>".repeat(10_000)}`],
    ["an attribute of 5 MB", `<a b="${"x".repeat(5_000_000)}"/>`],
    ["20 MB", `<a>${"x".repeat(20_000_000)}</a>`],
  ];
  test.each(cases)("%s", (_name, text) => {
    expect(() => readXml(text)).toThrow(ParseError);
  });

  test("no refusal quotes the text", () => {
    for (const text of ['<a password="hunter2>', '<a b="hunter2" b="hunter2"/>', "<a>&hunter2;</a>", '<hunter2 a="x'])
      expect(messageOf(() => readXml(text))).not.toContain("hunter2");
  });

  test("any text is read or refused, never anything else", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "/",
      "a",
      " ",
      "=",
      '"',
      "'",
      "&",
      ";",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<?",
      "?>",
      "<a>",
      "</a>",
      "amp",
      "#x1;",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const message = messageOf(() => readXml(pieces.join("")));
        expect(message === null || message.includes("XML")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  function messageOf(act: () => unknown): string | null {
    try {
      act();
      return null;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      return error.message;
    }
  }
});
