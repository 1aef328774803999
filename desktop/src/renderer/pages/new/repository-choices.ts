export const visibilities = ["all", "public", "private"] as const;
export const orders = ["pushed", "name"] as const;
