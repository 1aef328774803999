/** The whole page as HTML; everything that a visitor wrote is escaped. */
export function renderPage({ greeting, entries }) {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(greeting)}</title>
  <style>${css}</style>
</head>
<body>
  <main>
    <header>
      <h1>${escape(greeting)}</h1>
      <p>Leave a line; everyone who is here sees it at once. <span id="live" role="status">connecting</span></p>
    </header>
    <form method="post" action="/entries">
      <label>Name <input name="name" maxlength="40" required autocomplete="name"></label>
      <label>Message <textarea name="text" maxlength="500" rows="3" required></textarea></label>
      <button>Sign the book</button>
    </form>
    <ol id="entries">${entries.map(renderEntry).join("") || '<li class="empty">Nobody has signed yet. Be the first.</li>'}</ol>
  </main>
  <script>${script}</script>
</body>
</html>`;
}

/** One entry as HTML; also what the WebSocket sends. */
export function renderEntry({ name, text, at }) {
  return `<li><strong>${escape(name)}</strong> <time datetime="${at}">${at.slice(0, 16).replace("T", " ")}</time><p>${escape(text)}</p></li>`;
}

function escape(text) {
  const names = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}

const css = `
:root { color-scheme: light dark; --ink: light-dark(#1c2024, #edeef0); --soft: light-dark(#60646c, #b0b4ba);
  --paper: light-dark(#fcfcfd, #111113); --card: light-dark(#fff, #18191b); --line: light-dark(#d9d9e0, #363a3f); --accent: light-dark(#0d74ce, #70b8ff); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 48px 16px; display: grid; gap: 24px; }
h1 { margin: 0; font-size: 28px; letter-spacing: -.02em; text-wrap: balance; }
header p { margin: 4px 0 0; color: var(--soft); }
#live { white-space: nowrap; } #live::before { content: "○ "; } #live.on { color: var(--accent); } #live.on::before { content: "● "; }
form, li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px; }
form { display: grid; gap: 12px; }
label { display: grid; gap: 4px; font-weight: 500; }
input, textarea, button { font: inherit; padding: 8px 12px; border-radius: 6px; border: 1px solid var(--line); background: var(--paper); color: inherit; resize: vertical; }
button { justify-self: start; background: var(--accent); color: var(--paper); border: 0; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px; }
li p { margin: 4px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
time, .empty { color: var(--soft); font-variant-numeric: tabular-nums; font-size: 14px; }`;

const script = `
const list = document.querySelector("#entries"), live = document.querySelector("#live");
function connect(wait) {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/live");
  socket.onopen = () => { live.textContent = "live"; live.className = "on"; wait = 250; };
  socket.onmessage = ({ data }) => { list.querySelector(".empty")?.remove(); list.insertAdjacentHTML("afterbegin", data); };
  socket.onclose = () => { live.textContent = "reconnecting"; live.className = ""; setTimeout(connect, wait, Math.min(wait * 2, 5000)); };
}
connect(250);
document.querySelector("form").onsubmit = async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(event.target));
  const answer = await fetch("/entries", { method: "POST", body, redirect: "manual" });
  if (answer.ok || answer.type === "opaqueredirect") event.target.elements.text.value = "";
};`;
