/** Mean distance from the sun in astronomical units, orbital period in days. */
export const planets = [
  { slug: "mercury", name: "Mercury", distance: 0.39, period: 88 },
  { slug: "venus", name: "Venus", distance: 0.72, period: 225 },
  { slug: "earth", name: "Earth", distance: 1, period: 365 },
  { slug: "mars", name: "Mars", distance: 1.52, period: 687 },
  { slug: "jupiter", name: "Jupiter", distance: 5.2, period: 4333 },
  { slug: "saturn", name: "Saturn", distance: 9.58, period: 10759 },
];
