/** Addresses of pages that are named by what they show. */
export const projectPath = (name: string): string => `/projects/${encodeURIComponent(name)}`;
export const deploymentPath = (id: string): string => `/deployments/${encodeURIComponent(id)}`;
