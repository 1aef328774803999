import { dialog, safeStorage } from "electron";
import type { JsonFile } from "../json-file.ts";
import type { Settings } from "./settings.ts";
import type { KeyStore, WithoutKeyStore } from "./token-store.ts";

/** The key store of this system. On Linux Electron falls back to a key that is in its own source; that one is not counted. */
export const systemKeyStore: KeyStore = {
  isSafe: () =>
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== "linux" || safeStorage.getSelectedStorageBackend() !== "basic_text"),
  seal: (text) => safeStorage.encryptString(text),
  open: (sealed) => safeStorage.decryptString(sealed),
};

/** Asks once what to do without a key store, and remembers the answer. */
export async function chooseWithoutKeyStore(settings: JsonFile<Settings>): Promise<WithoutKeyStore> {
  const chosen = settings.value.withoutKeyStore;
  if (chosen !== undefined) return chosen;
  const { response } = await dialog.showMessageBox({
    type: "question",
    title: "CloudSmith",
    message: "This computer has no key store",
    detail:
      "CloudSmith wants to keep what signs this app in. Without a key store (such as GNOME Keyring or KWallet) it can keep it until you quit, or in a file that only your user can read.",
    buttons: ["Keep until I quit", "Keep in a file"],
    defaultId: 0,
    cancelId: 0,
  });
  const choice = response === 1 ? "plain-file" : "until-quit";
  settings.set({ ...settings.value, withoutKeyStore: choice });
  return choice;
}
