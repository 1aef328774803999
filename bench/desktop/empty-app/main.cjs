// The least that an Electron app with one window can be: what ours is held against.
const { app, BrowserWindow } = require("electron");

void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1180, height: 780, webPreferences: { sandbox: true } });
  return window.loadURL("data:text/html,<title>Empty</title><nav>Empty</nav>");
});
