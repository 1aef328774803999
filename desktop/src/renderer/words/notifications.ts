export const notifications = {
  label: "Notifications",
  unread: "Notifications, {count} new",
  "empty.title": "All quiet",
  "empty.text": "Deployments that go live or fail are told here.",
  live: "{project} is live",
  failed: "{project} failed to deploy",
  aProject: "A project",
  sequence: "#{number}",
  new: "New",
  all: "All activity",
  settings: "What you are told",
} as const;
