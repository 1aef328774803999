import { read, write } from "./database.js";
import { migrations } from "./migrations.js";

let data = await read();
for (const { id, apply } of migrations.filter((each) => !data.applied.includes(each.id))) {
  data = { ...apply(data), applied: [...data.applied, id] };
  console.log(`applied ${id}`);
}
await write(data);
console.log(`database is at ${data.applied.at(-1)}`);
