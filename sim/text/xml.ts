// SPDX-License-Identifier: Apache-2.0

export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string | number | boolean>>;
  /** Elements, or one text. */
  content: readonly XmlElement[] | string;
}

export function element(name: string, attributes: XmlElement["attributes"], content: XmlElement["content"] = []): XmlElement {
  return { name, attributes, content };
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** Indented XML as libxml2 prints it: an element without content closes itself. `tail` is what stands before "/>". */
export function renderXml(root: XmlElement, indent = 2, tail = ""): string {
  const lines: string[] = [];
  function write({ name, attributes, content }: XmlElement, depth: number): void {
    const before = " ".repeat(depth * indent);
    const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
    const open = `${before}<${name}${said.join("")}`;
    if (typeof content === "string") lines.push(`${open}>${escaped(content)}</${name}>`);
    else if (content.length === 0) lines.push(`${open}${tail}/>`);
    else {
      lines.push(`${open}${tail}>`);
      for (const child of content) write(child, depth + 1);
      lines.push(`${before}</${name}>`);
    }
  }
  write(root, 0);
  return `${lines.join("\n")}\n`;
}
