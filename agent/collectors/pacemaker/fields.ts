// SPDX-License-Identifier: Apache-2.0
import type { XmlElement } from "@/agent/xml";
import { ParseError } from "../define";

/** The first child of that name, or null. */
export function child(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((candidate) => candidate.name === name) ?? null;
}

/** All children of that name, in document order. */
export function childrenOf(element: XmlElement | null, name: string): XmlElement[] {
  return element === null ? [] : element.children.filter((candidate) => candidate.name === name);
}

/** An attribute as written; null when it is missing or empty. */
export function word(element: XmlElement | null, name: string): string | null {
  const value = element?.attributes[name];
  return value === undefined || value === "" ? null : value;
}

/** @throws ParseError when the attribute is missing or empty */
export function requiredWord(element: XmlElement, name: string): string {
  const value = word(element, name);
  if (value === null) throw new ParseError(`<${element.name}> without ${name}`);
  return value;
}

/** A boolean as Pacemaker's tools print it; null when the attribute is missing. @throws ParseError for another word */
export function flag(element: XmlElement | null, name: string): boolean | null {
  const value = element?.attributes[name];
  if (value === undefined) return null;
  if (value === "true" || value === "1") return true;
  if (value === "false" || value === "0") return false;
  throw new ParseError(`<${element?.name ?? ""}> has ${name}="${value.slice(0, 40)}", which is neither true nor false`);
}

/** @throws ParseError when the attribute is missing, or neither true nor false */
export function requiredFlag(element: XmlElement, name: string): boolean {
  const value = flag(element, name);
  if (value === null) throw new ParseError(`<${element.name}> without ${name}`);
  return value;
}

/** A whole number, or null when the attribute is missing or not one. */
export function whole(element: XmlElement | null, name: string): number | null {
  const value = word(element, name);
  if (value === null || !/^-?[0-9]{1,15}$/.test(value)) return null;
  return Number.parseInt(value, 10);
}

/** A boolean as an administrator may write it in the CIB (`crm_is_true`); null when it is neither. */
export function writtenTruth(value: string | null): boolean | null {
  if (value === null) return null;
  const lower = value.toLowerCase();
  if (["true", "on", "yes", "y", "1"].includes(lower)) return true;
  if (["false", "off", "no", "n", "0"].includes(lower)) return false;
  return null;
}

/** A field that is there only where the source says it. */
export function said<K extends string, V>(name: K, value: V | null): { [N in K]?: V } {
  const field: { [N in K]?: V } = {};
  if (value !== null) field[name] = value;
  return field;
}

/** An attribute's name is the administrator's: `__proto__` must become a key like any other. */
export function define(record: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
}

/** A flag that older versions do not print: no, and the gap is told. */
export function flagOrGap(element: XmlElement, name: string, gaps: Set<string>): boolean {
  const value = flag(element, name);
  if (value === null) gaps.add(`${name} of a ${element.name}`);
  return value ?? false;
}
