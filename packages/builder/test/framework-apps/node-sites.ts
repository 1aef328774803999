import { packageJson, type FrameworkApp } from "./framework-app.ts";

const react = { react: "19.3.1", "react-dom": "19.3.1" };
const vite = { dev: "vite", build: "vite build", preview: "vite preview" };
const page = (script: string): string =>
  `<!doctype html><html><head><title>A page</title></head><body><div id="root"></div><script type="module" src="${script}"></script></body></html>`;

/** Sites: what is built is served as files. */
export const nodeSites: readonly FrameworkApp[] = [
  {
    name: "next-export",
    kind: "node",
    framework: "next",
    served: "static",
    answer: /exported page/,
    files: {
      "package.json": packageJson({ build: "next build", dev: "next dev" }, { next: "16.4.5", ...react }),
      "next.config.mjs": `export default { output: "export" };\n`,
      "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;\n",
      "app/page.js": "export default () => <h1>exported page</h1>;\n",
    },
  },
  {
    name: "vite-react",
    kind: "node",
    framework: "vite",
    served: "static",
    path: "/a/route",
    answer: /id="root"/,
    files: {
      "package.json": packageJson(vite, react, { vite: "8.3.8", "@vitejs/plugin-react": "6.3.0" }, { type: "module" }),
      "vite.config.js": `import react from "@vitejs/plugin-react";\nexport default { plugins: [react()] };\n`,
      "index.html": page("/src/main.jsx"),
      "src/main.jsx": `import { createRoot } from "react-dom/client";\ncreateRoot(document.querySelector("#root")).render(<h1>{import.meta.env.VITE_GREETING ?? "hello"}</h1>);\n`,
    },
  },
  {
    name: "vite-vue",
    kind: "node",
    framework: "vite",
    served: "static",
    answer: /id="root"/,
    files: {
      "package.json": packageJson(
        vite,
        { vue: "3.5.45" },
        { vite: "8.3.8", "@vitejs/plugin-vue": "6.0.11" },
        { type: "module" },
      ),
      "vite.config.js": `import vue from "@vitejs/plugin-vue";\nexport default { plugins: [vue()], build: { outDir: "public-html" } };\n`,
      "index.html": page("/src/main.js"),
      "src/main.js": `import { createApp } from "vue";\nimport App from "./App.vue";\ncreateApp(App).mount("#root");\n`,
      "src/App.vue": "<template><h1>hello</h1></template>\n",
    },
  },
  {
    name: "vite-svelte",
    kind: "node",
    framework: "vite",
    served: "static",
    answer: /id="root"/,
    files: {
      "package.json": packageJson(
        vite,
        {},
        { vite: "8.3.8", svelte: "5.57.3", "@sveltejs/vite-plugin-svelte": "7.3.1" },
        { type: "module" },
      ),
      "vite.config.js": `import { svelte } from "@sveltejs/vite-plugin-svelte";\nexport default { plugins: [svelte()] };\n`,
      "index.html": page("/src/main.js"),
      "src/main.js": `import { mount } from "svelte";\nimport App from "./App.svelte";\nmount(App, { target: document.querySelector("#root") });\n`,
      "src/App.svelte": "<h1>hello</h1>\n",
    },
  },
  {
    name: "vite-solid",
    kind: "node",
    framework: "vite",
    served: "static",
    answer: /id="root"/,
    files: {
      "package.json": packageJson(
        vite,
        { "solid-js": "1.9.19" },
        { vite: "7.1.12", "vite-plugin-solid": "2.11.10" },
        { type: "module" },
      ),
      "vite.config.js": `import solid from "vite-plugin-solid";\nexport default { plugins: [solid()] };\n`,
      "index.html": page("/src/main.jsx"),
      "src/main.jsx": `import { render } from "solid-js/web";\nrender(() => <h1>hello</h1>, document.querySelector("#root"));\n`,
    },
  },
  {
    name: "create-react-app",
    kind: "node",
    framework: "create-react-app",
    served: "static",
    answer: /id="root"/,
    files: {
      "package.json": packageJson(
        { start: "react-scripts start", build: "react-scripts build", test: "react-scripts test" },
        { react: "18.3.1", "react-dom": "18.3.1", "react-scripts": "5.0.1" },
        {},
        { homepage: "https://example.org/app", browserslist: ["last 2 chrome versions"] },
      ),
      "public/index.html": `<!doctype html><html><head><title>A page</title></head><body><div id="root"></div></body></html>`,
      "src/index.js": `import { createRoot } from "react-dom/client";\ncreateRoot(document.querySelector("#root")).render(<h1>hello</h1>);\n`,
    },
  },
  {
    name: "vue-cli",
    kind: "node",
    framework: "vue-cli",
    served: "static",
    answer: /id="?app"?/,
    files: {
      "package.json": packageJson(
        { serve: "vue-cli-service serve", build: "vue-cli-service build" },
        { vue: "3.5.45" },
        { "@vue/cli-service": "5.0.9" },
        { browserslist: ["last 2 chrome versions"] },
      ),
      "public/index.html": `<!doctype html><html><head><title>A page</title></head><body><div id="app"></div></body></html>`,
      "src/main.js": `import { createApp } from "vue";\nimport App from "./App.vue";\ncreateApp(App).mount("#app");\n`,
      "src/App.vue": "<template><h1>hello</h1></template>\n",
    },
  },
  {
    name: "astro-static",
    kind: "node",
    framework: "astro",
    served: "static",
    path: "/about/",
    answer: /about 42/,
    files: {
      "package.json": packageJson(
        { dev: "astro dev", build: "astro build" },
        { astro: "5.15.3" },
        {},
        { type: "module" },
      ),
      "astro.config.mjs": `import { defineConfig } from "astro/config";\nexport default defineConfig({ base: "/docs" });\n`,
      "src/pages/index.astro": "<h1>home</h1>\n",
      "src/pages/about.astro": "---\nconst answer = 6 * 7;\n---\n<h1>about {answer}</h1>\n",
    },
  },
  {
    name: "angular-static",
    kind: "node",
    framework: "angular",
    served: "static",
    path: "/a/route",
    answer: /<app-root/,
    files: {
      "package.json": packageJson(
        { start: "ng serve", build: "ng build" },
        {
          "@angular/common": "20.3.7",
          "@angular/compiler": "20.3.7",
          "@angular/core": "20.3.7",
          "@angular/platform-browser": "20.3.7",
          rxjs: "7.8.2",
          tslib: "2.8.1",
        },
        {
          "@angular/build": "20.3.7",
          "@angular/cli": "20.3.7",
          "@angular/compiler-cli": "20.3.7",
          typescript: "5.9.3",
        },
      ),
      "angular.json": {
        version: 1,
        projects: {
          app: {
            projectType: "application",
            root: "",
            sourceRoot: "src",
            architect: {
              build: {
                builder: "@angular/build:application",
                options: { browser: "src/main.ts", index: "src/index.html", tsConfig: "tsconfig.json" },
              },
            },
          },
        },
      },
      "tsconfig.json": {
        compilerOptions: {
          target: "ES2022",
          module: "preserve",
          moduleResolution: "bundler",
          experimentalDecorators: true,
          strict: true,
          skipLibCheck: true,
        },
        files: ["src/main.ts"],
      },
      "src/index.html": `<!doctype html><html><head><title>A page</title><base href="/"></head><body><app-root></app-root></body></html>`,
      "src/main.ts": `import { Component, provideZonelessChangeDetection } from "@angular/core";\nimport { bootstrapApplication } from "@angular/platform-browser";\n@Component({ selector: "app-root", template: "<h1>hello</h1>" })\nclass App {}\nvoid bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });\n`,
    },
  },
  {
    name: "eleventy",
    kind: "node",
    framework: "eleventy",
    served: "static",
    path: "/about/",
    answer: /<h1>about<\/h1>/,
    files: {
      "package.json": packageJson({ start: "eleventy --serve", build: "eleventy" }, {}, { "@11ty/eleventy": "3.1.2" }),
      "eleventy.config.js": `module.exports = () => ({ dir: { input: "pages", output: "site" } });\n`,
      "pages/index.md": "# home\n",
      "pages/about.md": "# about\n",
    },
  },
  {
    name: "vitepress",
    kind: "node",
    framework: "vitepress",
    served: "static",
    path: "/about.html",
    answer: /about the site/,
    files: {
      "package.json": packageJson(
        { "docs:dev": "vitepress dev docs", "docs:build": "vitepress build docs" },
        {},
        { vitepress: "1.6.4" },
      ),
      "docs/.vitepress/config.mjs": `export default { title: "A site" };\n`,
      "docs/index.md": "# home\n",
      "docs/about.md": "# about the site\n",
    },
  },
];
