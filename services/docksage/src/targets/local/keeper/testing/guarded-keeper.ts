/** A keeper that ends, with its apps, when the test that started it is gone: a test that is killed leaves nothing behind. */
import "../main.ts";

const testPid = Number(process.env["CLOUDSMITH_TEST_PID"]);

setInterval(() => {
  try {
    process.kill(testPid, 0);
  } catch {
    process.kill(process.pid, "SIGTERM");
  }
}, 250).unref();
