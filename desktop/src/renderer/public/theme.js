// Runs before anything is drawn, so that a chosen theme does not flash in the other one. See theme/color-mode.ts.
try {
  const chosen = localStorage.getItem("cloudsmith.theme");
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.add(dark ? "dark" : "light");
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
} catch {
  document.documentElement.classList.add("light");
}
// A window of its own goes without navigation, from the first picture on.
if (new URLSearchParams(location.search).has("window")) document.documentElement.classList.add("own-window");
