// Where the packaged app of the tests begins: what Electron 22 lacks is added before the app itself.
require("./compat.cjs");
require("./main/main.cjs");
