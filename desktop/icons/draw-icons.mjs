// Draws every icon of the app into this folder: `node desktop/icons/draw-icons.mjs` (needs rsvg-convert). The pictures are committed.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const accent = "#4f46e5";

/** The mark of Launchboard's own icon: a cloud over its ground, in a 24 by 24 box. */
const mark = (colour) =>
  `<path transform="scale(.75)" d="M8 21h16M10.5 17.5a4 4 0 0 1 .8-7.9 5.2 5.2 0 0 1 10 1.6 3.3 3.3 0 0 1 .2 6.3z" fill="none" stroke="${colour}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>`;

/** What is added to the mark for each state of the tray; shapes differ, not colours alone. */
const states = {
  idle: () => "",
  deploying: (paint) =>
    `<circle cx="19" cy="6.4" r="4.6" fill="${paint.cut}"/><path d="M19 2.9a3.5 3.5 0 1 1-3.5 3.5" fill="none" stroke="${paint.running}" stroke-width="2.1" stroke-linecap="round"/>`,
  failed: (paint) =>
    `<circle cx="19" cy="6.4" r="4.9" fill="${paint.cut}"/><path d="M19 2.2l4.3 7.6h-8.6z" fill="${paint.failed}"/><path d="M19 4.9v2.4M19 8.5v.3" stroke="${paint.on}" stroke-width="1.1" stroke-linecap="round"/>`,
  offline: (paint) =>
    `<path d="M3 21L21 3" stroke="${paint.cut}" stroke-width="5"/><path d="M3 21L21 3" stroke="${paint.offline}" stroke-width="2.1" stroke-linecap="round"/>`,
};

const coloured = {
  mark: "#e8e8f4",
  cut: "#2b2b46",
  running: "#7aa2ff",
  failed: "#ff7a7a",
  on: "#2b2b46",
  offline: "#b0b0c4",
};
const tray = (state) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5.5" fill="#2b2b46"/>${mark(coloured.mark)}${states[state](coloured)}</svg>`;

/** macOS colours these itself: only what is opaque counts, so gaps are cut out by a mask. */
function template(state) {
  const shape = states[state]({ cut: "none", running: "#000", failed: "#000", on: "none", offline: "#000" });
  const hole = {
    idle: "",
    deploying: '<circle cx="19" cy="6.4" r="4.9"/>',
    failed: '<circle cx="19" cy="6.4" r="5.2"/>',
    offline: '<path d="M3 21L21 3" stroke="#000" stroke-width="5"/>',
  }[state];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><mask id="m"><rect width="24" height="24" fill="#fff"/>${hole}</mask><g mask="url(#m)">${mark("#000")}</g>${shape}</svg>`;
}

const appIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024"><rect x="80" y="80" width="864" height="864" rx="196" fill="${accent}"/><g transform="translate(104 100) scale(34)">${mark("#fff")}</g></svg>`;
const overlays = {
  running: `<circle cx="8" cy="8" r="8" fill="${accent}"/><path d="M8 3.2A4.8 4.8 0 1 1 3.2 8" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/>`,
  done: '<circle cx="8" cy="8" r="8" fill="#2f9e5b"/><path d="M4.4 8.3l2.5 2.5 4.8-5.2" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  failed:
    '<path d="M8 .6l7.7 14H.3z" fill="#d6404a"/><path d="M8 5.6v4M8 12v.3" stroke="#fff" stroke-width="1.8" stroke-linecap="round"/>',
};

function draw(svg, name, size) {
  execFileSync("rsvg-convert", ["-w", String(size), "-h", String(size), "-o", join(folder, name)], { input: svg });
}

for (const state of Object.keys(states)) {
  draw(tray(state), `tray-${state}.png`, 22);
  draw(tray(state), `tray-${state}@2x.png`, 44);
  draw(template(state), `tray-${state}Template.png`, 16);
  draw(template(state), `tray-${state}Template@2x.png`, 32);
}
for (const [name, shapes] of Object.entries(overlays))
  draw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${shapes}</svg>`, `overlay-${name}.png`, 32);
writeFileSync(join(folder, "icon.svg"), `${appIcon}\n`);
for (const size of [256, 1024]) draw(appIcon, `icon-${size}.png`, size);
