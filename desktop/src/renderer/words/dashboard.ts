export const dashboard = {
  title: "Projects",
  "empty.title": "No projects yet",
  "empty.text": "Deploy a folder or a repository from the command line, and it shows up here at once.",
  environments: "{count, plural, one {# environment} other {# environments}}",
} as const;
