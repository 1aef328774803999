export const activity = {
  title: "Activity",
  "empty.title": "Nothing has happened yet",
  "empty.text": "Who deployed, rolled back or changed something stands here.",
} as const;
