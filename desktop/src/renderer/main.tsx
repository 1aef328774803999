import "@fontsource-variable/inter/wght.css";
import { ChakraProvider } from "@chakra-ui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { askEarly } from "./api/ask-early.ts";
import { queryClient } from "./api/query-client.ts";
import { native } from "./native.ts";
import { router } from "./routes.tsx";
import { system } from "./theme/system.ts";

// The agent was updated while the page was open and has other files now; an address is all that a page needs to come back.
// While no agent answers at all, a reload would lose the page that is there.
window.addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("cloudsmith.reloaded") ?? 0);
  if (Date.now() - last < 10_000) return;
  fetch("/", { cache: "no-store" }).then(
    () => {
      sessionStorage.setItem("cloudsmith.reloaded", String(Date.now()));
      window.location.reload();
    },
    () => undefined,
  );
});

// Links, menus and notifications of the desktop app lead to pages.
native?.onNavigate((path) => void router.navigate({ href: path }));

const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no element with the id root");

askEarly(queryClient);
// The frame in index.html stays until the page can be drawn as a whole. What goes wrong with loading it is the router's to show.
await router.load().catch(() => undefined);
createRoot(place).render(
  <StrictMode>
    <ChakraProvider value={system}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ChakraProvider>
  </StrictMode>,
);
