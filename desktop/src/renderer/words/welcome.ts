export const welcome = {
  title: "Welcome to CloudSmith",
  detail: "Put something live in a minute. No account, no cloud, no configuration.",
  "samples.title": "Try a sample",
  "samples.detail":
    "A small real app is copied to a folder of yours and deployed on this computer. Change it and deploy again.",
  "own.title": "Deploy something of your own",
  "own.detail":
    "A folder of this computer, a repository of yours, or any Git address. You see what will run before it does.",
  "own.action": "Choose a folder or repository",
  "github.title": "Sign in to GitHub",
  "github.detail":
    "With an app of your own, made in one click: it reads the repositories that you choose, private ones too.",
  deploy: "Deploy",
  deploySample: "Deploy {name}",
  "static-site.name": "Static site",
  "static-site.text": "Plain HTML and CSS, a page for what is not found. Live in about two seconds.",
  "guestbook.name": "Guestbook",
  "guestbook.text": "A Node server that keeps its entries over deployments.",
  "express-api.name": "Express API",
  "express-api.text": "An API with a migration that runs before each switch.",
  "vite-spa.name": "Vite app",
  "vite-spa.text": "React in TypeScript, built by Vite and served as files.",
  "next-app.name": "Next.js app",
  "next-app.text": "Pages rendered on the server. Its packages take a minute or two the first time.",
} as const;
