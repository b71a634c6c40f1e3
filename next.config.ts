// SPDX-License-Identifier: Apache-2.0
import type { NextConfig } from "next";

const config: NextConfig = {
  // `npm run check` types the whole repository; the build of the pages need not do it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
};

export default config;
