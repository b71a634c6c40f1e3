// SPDX-License-Identifier: Apache-2.0
const api = () => import("@/agent/protocol/console/api");
const commands = () => import("@/agent/protocol/console/commands");
const verify = () => import("@/agent/protocol/console/verify");
const verifyPlan = () => import("@/agent/protocol/console/verify-plan");
const history = () => import("@/agent/protocol/console/history");
const alerts = () => import("@/agent/protocol/console/alerts");
const timeline = () => import("@/agent/protocol/console/timeline");
const people = () => import("@/agent/protocol/console/people");

/** What each answer must fit, loaded when the first one comes. */
export const answers = {
  nothing: async () => (await import("./decoding")).Nothing,
  session: async () => (await api()).SessionInfo,
  clusters: async () => (await api()).ClusterList,
  agents: async () => (await api()).AgentList,
  enrollment: async () => (await api()).Enrollment,
  enrollments: async () => (await api()).EnrollmentList,
  users: async () => (await people()).UserList,
  sessions: async () => (await people()).SessionList,
  tokens: async () => (await people()).ApiTokenList,
  offers: async () => (await commands()).OfferList,
  preview: async () => (await commands()).CommandPreview,
  confirmation: async () => (await commands()).ConfirmationAnswer,
  incidents: async () => (await history()).IncidentPage,
  availability: async () => (await history()).Availability,
  repair: async () => (await import("@/agent/protocol/console/repair")).RepairPlan,
  run: async () => (await import("@/agent/protocol/console/runs")).Run,
  audit: async () => (await commands()).AuditPage,
  auditVerdict: async () => (await commands()).AuditVerdict,
  timeline: async () => (await timeline()).TimelinePage,
  timelineCounts: async () => (await timeline()).TimelineCounts,
  noteMade: async () => (await timeline()).NoteMade,
  verifies: async () => (await verify()).VerifyOverview,
  verifyDetail: async () => (await verify()).VerifyDetail,
  verifyPage: async () => (await verify()).VerifyPage,
  verifySchedules: async () => (await verify()).VerifyScheduleList,
  verifyWindows: async () => (await verifyPlan()).VerifyWindows,
  verifyWarnings: async () => (await verifyPlan()).VerifyWarnings,
  verifyCalendar: async () => (await verifyPlan()).VerifyCalendar,
  findingRules: async () => (await import("@/agent/protocol/console/finding-rules")).FindingRuleList,
  wallKeys: async () => (await people()).WallKeyList,
  wallKeyMade: async () => (await people()).WallKeyMade,
  alerts: async () => (await alerts()).AlertList,
  silences: async () => (await alerts()).SilenceList,
  receivers: async () => (await alerts()).ReceiverList,
  receiverAnswer: async () => (await alerts()).ReceiverAnswer,
  alertRoutes: async () => (await alerts()).RouteList,
  sent: async () => (await alerts()).SentList,
  tokenMade: async () => (await people()).ApiTokenMade,
} as const;
