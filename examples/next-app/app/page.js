import { hostname } from "node:os";
import { Ticks } from "./ticks.js";

export const dynamic = "force-dynamic";

export default function Page() {
  return (
    <main>
      <h1>{process.env.GREETING ?? "Next app"}</h1>
      <p>
        Rendered on {hostname()} at {new Date().toISOString()}.
      </p>
      <Ticks />
    </main>
  );
}
