import "./style.css";
import { planets } from "./planets.ts";

const app = document.querySelector("#app")!;

/** The page for a path; unknown paths get a page too, since the server answers index.html for all of them. */
function render(path: string): string {
  const planet = planets.find(({ slug }) => path === `/planets/${slug}`);
  if (planet !== undefined)
    return `<p><a href="/">All planets</a></p><h1>${planet.name}</h1>
      <dl><dt>Distance</dt><dd>${planet.distance} AU</dd><dt>Year</dt><dd>${planet.period} days</dd></dl>`;
  if (path !== "/") return `<h1>No planet here</h1><p><a href="/">All planets</a></p>`;
  const rows = planets.map(({ slug, name }) => `<li><a href="/planets/${slug}">${name}</a></li>`).join("");
  return `<h1>Orbits</h1><ul>${rows}</ul><footer>Built in mode ${import.meta.env.MODE}, ${import.meta.env.VITE_GREETING ?? "no greeting set"}</footer>`;
}

function show(): void {
  app.innerHTML = render(location.pathname);
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.origin !== location.origin || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show();
});
addEventListener("popstate", show);
show();
