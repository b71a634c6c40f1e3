// SPDX-License-Identifier: Apache-2.0
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@/components/ui/tokens.css";
import "@/components/ui/base.css";
import "@/components/ui/dialog.css";
import "@/components/shell/shell.css";
import "@/components/recorded/recorded.css";
import "@/components/alerts/alerts.css";
import "@/components/fleet/fleet.css";
import "@/components/cluster/stack.css";
import "@/components/cluster/mirrors.css";
import "@/components/cluster/bonds.css";
import "@/components/cluster/aoe.css";
import "@/components/cluster/disks.css";
import "@/components/cluster/layers/rings.css";
import "@/components/cluster/stack-wide.css";
import "@/components/cluster/stack-sizes.css";
import "@/components/node/node.css";
import "@/components/settings/settings.css";
import "@/components/settings/enrolment.css";
import "@/components/session/threshold.css";
import "@/components/ui/cards.css";
import "@/components/ui/fields.css";
import "@/components/palette/palette.css";
import "@/components/cluster/services.css";
import "@/components/commands/offers.css";
import "@/components/commands/command-dialog.css";
import "@/components/commands/preview.css";
import "@/components/commands/runs.css";
import "@/components/commands/safety.css";
import "@/components/commands/drag.css";
import "uplot/dist/uPlot.min.css";
import "@/components/repair/repair.css";
import "@/components/audit/audit.css";
import "@/components/history/history.css";
import "@/components/timeline/timeline.css";
import "@/components/verify/verify.css";
import "@/components/verify/bars.css";
import "@/components/verify/detail.css";
import "@/components/verify/plan.css";
import "@/components/wall/wall.css";
import "@/components/wall/tiles.css";
import "@/components/wall/calm.css";
import "@/components/wall/old.css";
import "@/components/wall/narrow.css";
import "@/components/ui/contrast.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";

export const metadata: Metadata = {
  title: { default: "Quarterdeck", template: "%s · Quarterdeck" },
  description: "What every node of a storage cluster sees, in one picture.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "dark light" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = (await cookies()).get("theme")?.value === "light" ? "light" : "dark";
  return (
    <html lang="en" data-theme={theme}>
      <body>{children}</body>
    </html>
  );
}
