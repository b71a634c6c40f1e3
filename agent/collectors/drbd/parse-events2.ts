// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines } from "@/agent/collectors/text";
import type { DrbdDevice } from "@/agent/protocol/model/drbd";
import { devicesOf, type Fields, type Objects } from "./events2-devices";

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of drbdsetup are escape sequences
const COLOUR = /\u001b\[[0-9;]*m/g;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+[+-]\d\d:\d\d$/;
const ACTIONS: ReadonlySet<string> = new Set(["exists", "create", "change", "destroy", "call", "response", "rename"]);

interface Events2 {
  devices: DrbdDevice[];
  /** True when the dump came to its end, `exists -`: what is not in it is not there. */
  complete: boolean;
}

/**
 * Folds the text of `drbdsetup events2`, of DRBD 8.4's and of DRBD 9's utilities, into devices.
 *
 * Shape: `[<time> ]<action> <object>[ <key>:<value>]*`; a value runs to the next blank and may hold colons.
 * Unknown keys, objects and actions are skipped, `call` and `response` too. A `change` or `destroy` of something never
 * announced is skipped: nothing is invented from it. A device is reported once both it and its volume are announced.
 * Units: KiB (sizes, counters) and 512-byte sectors (rs-*, ov-*) in the text; bytes here.
 * Source: drbdsetup.c and drbdsetup_events2.c of drbd-utils 8.9 to 9.34.
 * @throws ParseError for a line that is not of this shape (wrapped, cut) and for a text without any
 */
export function parseEvents2(text: string): Events2 {
  const objects: Objects = { resources: new Map(), devices: new Map(), connections: new Map(), peerDevices: new Map() };
  let complete = false;
  let lines = 0;
  for (const raw of finishedLines("drbdsetup events2", text.replace(COLOUR, ""))) {
    if (raw.trim() === "") continue;
    lines += 1;
    const event = parseLine(raw);
    if (event === null) continue;
    if (event.action === "exists" && event.object === "-") complete = true;
    else apply(objects, event);
  }
  if (lines === 0) throw new ParseError("drbdsetup events2: no line at all, not even the end of the dump");
  return { devices: devicesOf(objects), complete };
}

interface Event {
  action: string;
  object: string;
  fields: Fields;
}

function refuse(line: string): ParseError {
  return new ParseError(`drbdsetup events2: not a line of it: ${excerpt(line.trim())}`);
}

/** Null for a line that says nothing (a time alone). */
function parseLine(line: string): Event | null {
  const words = line.trim().split(/\s+/);
  // A time in whatever form, as long as a known action follows it; a time alone says nothing.
  if (TIMESTAMP.test(words[0] ?? "") || ACTIONS.has(words[1] ?? "")) words.shift();
  if (words.length === 0) return null;
  const [action, object, ...pairs] = words;
  // A continuation of a wrapped line begins with key:value; half an object would be a lie.
  if (!action || !object || !/^[a-z][a-z-]*$/.test(action) || !/^(?:[a-z][a-z-]*|-)$/.test(object)) throw refuse(line);
  const fields: Fields = new Map();
  for (const pair of pairs) {
    const colon = pair.indexOf(":");
    if (colon < 1) throw refuse(line);
    // --diff prints old->new
    fields.set(pair.slice(0, colon), pair.slice(pair.indexOf("->", colon) < 0 ? colon + 1 : pair.lastIndexOf("->") + 2));
  }
  return { action, object, fields };
}

/** Where objects of a kind are kept, and the words that tell one from another. */
function placeOf(objects: Objects, { object, fields }: Event): { map: Map<string, Fields>; key: string } | null {
  const name = fields.get("name");
  const volume = fields.get("volume");
  // DRBD 8.4 leaves conn-name out while StandAlone, early 9.0 lacks peer-node-id: whichever is there.
  const peer = fields.get("peer-node-id") ?? fields.get("conn-name");
  switch (object) {
    case "resource":
      return name === undefined ? null : { map: objects.resources, key: name };
    case "device":
      return name === undefined || volume === undefined ? null : { map: objects.devices, key: `${name}/${volume}` };
    case "connection":
      return name === undefined || peer === undefined ? null : { map: objects.connections, key: `${name}/${peer}` };
    case "peer-device":
      if (name === undefined || peer === undefined || volume === undefined) return null;
      return { map: objects.peerDevices, key: `${name}/${peer}/${volume}` };
    default:
      return null;
  }
}

const KNOWN_OBJECTS: ReadonlySet<string> = new Set(["resource", "device", "connection", "peer-device"]);

function apply(objects: Objects, event: Event): void {
  if (!KNOWN_OBJECTS.has(event.object)) return;
  const place = placeOf(objects, event);
  switch (event.action) {
    case "exists":
    case "create":
      if (!place) throw new ParseError(`drbdsetup events2: a ${event.object} without its name`);
      place.map.set(place.key, event.fields);
      return;
    case "change": {
      const known = place?.map.get(place.key);
      if (known) for (const [key, value] of event.fields) known.set(key, value);
      return;
    }
    case "destroy":
      if (place) remove(objects, event, place.key);
      return;
    case "rename":
      rename(objects, event.fields.get("name"), event.fields.get("new_name"));
      return;
    default:
      return;
  }
}

/** Children go before their parent in the stream; should one be missing there, it goes with it here. */
function remove(objects: Objects, event: Event, key: string): void {
  const name = event.fields.get("name");
  const volume = event.fields.get("volume");
  switch (event.object) {
    case "resource":
      objects.resources.delete(key);
      for (const map of [objects.devices, objects.connections, objects.peerDevices]) drop(map, (fields) => fields.get("name") === name);
      return;
    case "device":
      objects.devices.delete(key);
      drop(objects.peerDevices, (fields) => fields.get("name") === name && fields.get("volume") === volume);
      return;
    case "connection":
      objects.connections.delete(key);
      for (const peerKey of [...objects.peerDevices.keys()]) if (peerKey.startsWith(`${key}/`)) objects.peerDevices.delete(peerKey);
      return;
    default:
      objects.peerDevices.delete(key);
  }
}

function drop(map: Map<string, Fields>, isGone: (fields: Fields) => boolean): void {
  for (const [key, fields] of map) if (isGone(fields)) map.delete(key);
}

function rename(objects: Objects, from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined) return;
  for (const map of [objects.resources, objects.devices, objects.connections, objects.peerDevices]) {
    for (const [key, fields] of [...map]) {
      if (fields.get("name") !== from) continue;
      map.delete(key);
      fields.set("name", to);
      map.set(to + key.slice(from.length), fields);
    }
  }
}
