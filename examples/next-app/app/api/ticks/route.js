export const dynamic = "force-dynamic";

/** Server-sent events: one at once, then one a second until the reader leaves. */
export function GET(request) {
  let count = 0;
  const encoder = new TextEncoder();
  const stream = new ReadableStream({
    start(controller) {
      const send = () => controller.enqueue(encoder.encode(`id: ${count}\ndata: ${count++}\n\n`));
      send();
      const timer = setInterval(send, 1000);
      request.signal.addEventListener("abort", () => {
        clearInterval(timer);
        controller.close();
      });
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}
