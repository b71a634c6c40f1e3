// SPDX-License-Identifier: Apache-2.0
// Plain JavaScript: of a config in TypeScript the running console would load Next's compiler, 33 MB that it never needs again.

/** @type {import("next").NextConfig} */
const config = {
  // `npm run check` types the whole repository; the build of the pages need not do it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  turbopack: { root: import.meta.dirname },
};

export default config;
