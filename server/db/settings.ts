// SPDX-License-Identifier: Apache-2.0
import type { Client } from "./connection";

/** What the console itself must remember. */
export type SettingKey = "consolePrivateKey" | "setupCodeHash" | "rulesOff";

export interface SettingRecords {
  get(key: SettingKey): Promise<string | null>;
  set(key: SettingKey, value: string): Promise<void>;
  remove(key: SettingKey): Promise<void>;
}

export function settingRecords(prisma: Client): SettingRecords {
  return {
    get: async (key) => (await prisma.setting.findUnique({ where: { key } }))?.value ?? null,
    set: async (key, value) => {
      await prisma.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
    },
    remove: async (key) => {
      await prisma.setting.deleteMany({ where: { key } });
    },
  };
}
