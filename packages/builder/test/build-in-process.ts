import { RealApps } from "./real-apps.ts";

// node build-in-process.ts <folder> <source>: builds an app in a process of its own, for tests that kill it; prints the log and, at the end, the artifact's digest.
const [folder = "", source = ""] = process.argv.slice(2);
const apps = new RealApps({ sharedDownloads: false, folder });
const manifest = await apps.built(source, { onLine: (text) => void process.stdout.write(`${text}\n`) });
process.stdout.write(`digest ${manifest.digest}\n`);
