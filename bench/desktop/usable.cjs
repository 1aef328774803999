// Loaded before an app: prints the process of its first page once that page shows something to use.
const { app } = require("electron");

app.once("browser-window-created", (_event, { webContents }) => {
  const look = async () => {
    const isThere = await webContents.executeJavaScript("document.querySelector('nav') !== null").catch(() => false);
    if (isThere) process.stdout.write(`usable ${webContents.getOSProcessId()}\n`);
    else setTimeout(() => void look(), 5);
  };
  webContents.once("dom-ready", () => void look());
});
