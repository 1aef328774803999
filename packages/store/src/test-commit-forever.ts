// Commits pairs of items and an event, one after the other, until it is killed; tells the number of each commit that was acknowledged.
import { openSqliteStore } from "./sqlite/sqlite-store.ts";
import { claim, event } from "./test-values.ts";

const [file = "", team = ""] = process.argv.slice(2);
const store = openSqliteStore({ file });
for (let n = 1; ; n++) {
  const number = String(n).padStart(8, "0");
  await store.commit({
    puts: [
      { entity: "claim", value: claim(team, number, "left", "left"), if: "absent" },
      { entity: "claim", value: claim(team, number, "right", "right"), if: "absent" },
    ],
    events: [event(team, number)],
  });
  process.stdout.write(`${n}\n`);
}
