/** A condition on the files of an app, as data. All that are given must hold. */
export interface Condition {
  /** One of these files (a trailing `*` matches any ending) holds a match. */
  readonly config?: { readonly files: readonly string[]; readonly pattern: RegExp };
  /** One of these packages is a dependency of any kind. */
  readonly dependency?: readonly string[];
  /** The build script matches. */
  readonly buildScript?: RegExp;
  /** One of these files exists. */
  readonly file?: readonly string[];
  /** A JSON file has a value at the dotted path. */
  readonly json?: { readonly file: string; readonly at: string };
}

/** One way in which a framework's app is served. */
export interface Variant {
  readonly when?: Condition;
  readonly because: string;
  /** Files to serve, relative to the app. */
  readonly static?: { readonly output: string; readonly spa: boolean; readonly immutable: readonly string[] };
  /** The production server's command. */
  readonly server?: string;
  /** Variables for the build that choose this way. */
  readonly buildEnv?: Readonly<Record<string, string>>;
  /** Where a configuration names another output folder: the first group of the pattern is it, below `under` where that is given. */
  readonly outputFrom?: { readonly files: readonly string[]; readonly pattern: RegExp; readonly under?: string };
  readonly warning?: { readonly code: string; readonly message: string; readonly fix?: string };
}

/** How one framework is recognised, built and served. The first row whose `packages` are among the dependencies (and whose `when` holds) counts. */
export interface Framework {
  readonly name: string;
  readonly label: string;
  /** One of these is a dependency. */
  readonly packages: readonly string[];
  readonly when?: Condition;
  /** Signs that the app is made with it and does not only have it among its tools: a folder, a file or a script; any of them counts. */
  readonly signs?: {
    readonly folders?: readonly string[];
    readonly files?: readonly string[];
    readonly script: RegExp;
  };
  /** The build, where the app has no build script; null where nothing is built. */
  readonly build: string | null;
  /** Ways to serve, the first whose condition holds counts. None: the app's own start is used. */
  readonly variants: readonly Variant[];
  /** Folders kept between builds. */
  readonly caches: readonly string[];
  /** Names of variables that end up in the built files. */
  readonly publicPrefix?: string;
  /**
   * How pages that were made for a path below a host (`/repository/`, as on GitHub Pages) are built for the root instead: by a variable where package.json has a
   * `homepage`, by an option where a configuration has a base.
   */
  readonly rootBase?: {
    readonly homepageVariable?: string;
    readonly config?: NonNullable<Condition["config"]>;
    readonly option?: string;
  };
  /** A server framework: it never makes the app a static site, and any start script is trusted before it. */
  readonly library?: true;
}

const viteConfig = ["vite.config.*"];
const basePattern = /\bbase\s*:\s*["'`]\/?[\w-][^"'`]*["'`]/;
const viteOutput = { files: viteConfig, pattern: /outDir\s*:\s*["'`]([^"'`$]+)["'`]/ };

/** The table of frameworks, most specific first: a meta-framework before the bundler under it, a static builder before a server library. */
export const frameworks: readonly Framework[] = [
  {
    name: "next",
    label: "Next.js",
    packages: ["next"],
    signs: { folders: ["app", "pages", "src/app", "src/pages"], script: /\bnext (build|export)\b/ },
    build: "next build",
    variants: [
      {
        when: { config: { files: ["next.config.*"], pattern: /output\s*:\s*["'`]export["'`]/ } },
        because: "next.config says output: export",
        static: { output: "out", spa: false, immutable: ["_next/static"] },
        outputFrom: { files: ["next.config.*"], pattern: /distDir\s*:\s*["'`]([^"'`$]+)["'`]/ },
      },
      {
        when: { buildScript: /\bnext export\b/ },
        because: "the build script runs next export",
        static: { output: "out", spa: false, immutable: ["_next/static"] },
      },
      { because: "Next.js serves pages by its own server", server: "next start" },
    ],
    caches: [".next/cache"],
    publicPrefix: "NEXT_PUBLIC_",
  },
  {
    name: "nuxt",
    label: "Nuxt",
    packages: ["nuxt", "nuxt3", "nuxt-edge"],
    build: "nuxt build",
    variants: [
      {
        when: { buildScript: /\bnuxi?t? generate\b/ },
        because: "the build script runs nuxt generate",
        static: { output: ".output/public", spa: false, immutable: ["_nuxt"] },
      },
      {
        because: "Nuxt builds a Node server",
        server: "node .output/server/index.mjs",
        buildEnv: { NITRO_PRESET: "node-server" },
      },
    ],
    caches: ["node_modules/.cache", "node_modules/.vite"],
    publicPrefix: "NUXT_PUBLIC_",
  },
  {
    name: "sveltekit",
    label: "SvelteKit",
    packages: ["@sveltejs/kit"],
    build: "vite build",
    variants: [
      {
        when: { config: { files: ["svelte.config.*", "vite.config.*"], pattern: /@sveltejs\/adapter-static/ } },
        because: "svelte.config uses adapter-static",
        static: { output: "build", spa: true, immutable: ["_app/immutable"] },
        outputFrom: { files: ["svelte.config.*"], pattern: /pages\s*:\s*["'`]([^"'`$]+)["'`]/ },
      },
      {
        when: { config: { files: ["svelte.config.*", "vite.config.*"], pattern: /@sveltejs\/adapter-node/ } },
        because: "svelte.config uses adapter-node",
        server: "node build",
      },
      {
        when: { config: { files: ["svelte.config.*", "vite.config.*"], pattern: /@sveltejs\/adapter-auto/ } },
        because: "adapter-auto is told to take the adapter for Node",
        server: "node build",
        // The one sign by which adapter-auto takes adapter-node (sveltejs/kit, packages/adapter-auto/adapters.js).
        buildEnv: { GCP_BUILDPACKS: "1" },
      },
      {
        because: "the app uses no adapter for Node, so the framework's own preview server runs what was built",
        server: "vite preview --port $PORT --host 127.0.0.1",
        warning: {
          code: "adapter-missing",
          message: "SvelteKit has no adapter for Node: its preview server is used",
          fix: "Add @sveltejs/adapter-node to svelte.config",
        },
      },
    ],
    caches: ["node_modules/.vite"],
    publicPrefix: "PUBLIC_",
  },
  {
    name: "astro",
    label: "Astro",
    packages: ["astro"],
    build: "astro build",
    variants: [
      {
        when: { config: { files: ["astro.config.*"], pattern: /@astrojs\/node/ } },
        because: "astro.config uses @astrojs/node",
        server: "node dist/server/entry.mjs",
      },
      {
        when: { config: { files: ["astro.config.*"], pattern: /@astrojs\/(vercel|netlify|cloudflare)/ } },
        because: "astro.config uses an adapter of another platform; its preview server runs what was built",
        server: "astro preview --port $PORT --host 127.0.0.1",
        warning: {
          code: "adapter-foreign",
          message: "Astro is set up for another platform's adapter",
          fix: "Use @astrojs/node in astro.config for a server of its own",
        },
      },
      {
        because: "Astro writes static pages",
        static: { output: "dist", spa: false, immutable: ["_astro"] },
        outputFrom: { files: ["astro.config.*"], pattern: /outDir\s*:\s*["'`]([^"'`$]+)["'`]/ },
      },
    ],
    caches: ["node_modules/.astro", "node_modules/.vite"],
    rootBase: { config: { files: ["astro.config.*"], pattern: basePattern }, option: "--base=/" },
    publicPrefix: "PUBLIC_",
  },
  {
    name: "react-router",
    label: "React Router",
    packages: ["@react-router/dev"],
    build: "react-router build",
    variants: [
      {
        when: { config: { files: ["react-router.config.*"], pattern: /ssr\s*:\s*false/ } },
        because: "react-router.config says ssr: false",
        static: { output: "build/client", spa: true, immutable: ["assets"] },
      },
      { because: "React Router renders on its server", server: "react-router-serve ./build/server/index.js" },
    ],
    caches: ["node_modules/.vite"],
    publicPrefix: "VITE_",
  },
  {
    name: "remix",
    label: "Remix",
    packages: ["@remix-run/dev"],
    build: "remix vite:build",
    variants: [
      {
        when: { config: { files: viteConfig, pattern: /ssr\s*:\s*false/ } },
        because: "the Vite configuration says ssr: false",
        static: { output: "build/client", spa: true, immutable: ["assets"] },
      },
      {
        when: { file: ["vite.config.ts", "vite.config.js", "vite.config.mjs"] },
        because: "Remix renders on its server",
        server: "remix-serve ./build/server/index.js",
      },
      { because: "Remix renders on its server", server: "remix-serve build" },
    ],
    caches: ["node_modules/.vite", ".cache"],
  },
  {
    name: "angular",
    label: "Angular",
    packages: ["@angular/core"],
    build: "ng build",
    variants: [],
    caches: [".angular/cache"],
  },
  {
    name: "gatsby",
    label: "Gatsby",
    packages: ["gatsby"],
    build: "gatsby build",
    variants: [
      { because: "Gatsby writes static pages", static: { output: "public", spa: false, immutable: ["static"] } },
    ],
    caches: [".cache", "public"],
    publicPrefix: "GATSBY_",
  },
  {
    name: "docusaurus",
    label: "Docusaurus",
    packages: ["@docusaurus/core"],
    build: "docusaurus build",
    variants: [
      { because: "Docusaurus writes static pages", static: { output: "build", spa: false, immutable: ["assets"] } },
    ],
    caches: [".docusaurus", "node_modules/.cache"],
  },
  {
    name: "docusaurus-1",
    label: "Docusaurus 1",
    packages: ["docusaurus"],
    build: "docusaurus-build",
    variants: [
      {
        because: "Docusaurus 1 writes static pages below the project's name",
        static: { output: "build", spa: false, immutable: [] },
        outputFrom: { files: ["siteConfig.js"], pattern: /projectName\s*:\s*["'`]([\w.-]+)["'`]/, under: "build" },
      },
    ],
    caches: [],
  },
  {
    name: "vitepress",
    label: "VitePress",
    packages: ["vitepress"],
    build: "vitepress build",
    variants: [
      {
        when: {
          file: [
            "docs/.vitepress/config.js",
            "docs/.vitepress/config.ts",
            "docs/.vitepress/config.mts",
            "docs/.vitepress/config.mjs",
          ],
        },
        because: "the pages are in docs",
        static: { output: "docs/.vitepress/dist", spa: false, immutable: ["assets"] },
      },
      {
        because: "VitePress writes static pages",
        static: { output: ".vitepress/dist", spa: false, immutable: ["assets"] },
      },
    ],
    caches: ["node_modules/.vite"],
  },
  {
    name: "eleventy",
    label: "Eleventy",
    packages: ["@11ty/eleventy"],
    build: "eleventy",
    variants: [
      {
        because: "Eleventy writes static pages",
        static: { output: "_site", spa: false, immutable: [] },
        outputFrom: { files: [".eleventy.*", "eleventy.config.*"], pattern: /output\s*:\s*["'`]([^"'`$]+)["'`]/ },
      },
    ],
    caches: [".cache"],
  },
  {
    name: "create-react-app",
    label: "Create React App",
    packages: ["react-scripts", "@craco/craco", "react-app-rewired"],
    build: "react-scripts build",
    variants: [
      {
        because: "Create React App writes a single-page app",
        static: { output: "build", spa: true, immutable: ["static"] },
      },
    ],
    caches: ["node_modules/.cache"],
    rootBase: { homepageVariable: "PUBLIC_URL" },
    publicPrefix: "REACT_APP_",
  },
  {
    name: "vue-cli",
    label: "Vue CLI",
    packages: ["@vue/cli-service"],
    build: "vue-cli-service build",
    variants: [
      {
        because: "Vue CLI writes a single-page app",
        static: { output: "dist", spa: true, immutable: ["js", "css", "img"] },
        outputFrom: { files: ["vue.config.*"], pattern: /outputDir\s*:\s*["'`]([^"'`$]+)["'`]/ },
      },
    ],
    caches: ["node_modules/.cache"],
    publicPrefix: "VUE_APP_",
  },
  {
    name: "nest",
    label: "NestJS",
    packages: ["@nestjs/core"],
    build: "nest build",
    variants: [{ because: "Nest starts what it built", server: "node dist/main" }],
    caches: [],
    library: true,
  },
  {
    name: "vite",
    label: "Vite",
    packages: ["vite"],
    signs: {
      files: ["index.html", "src/index.html", "public/index.html", "client/index.html", "app/index.html"],
      script: /\bvite(-ssg)? build\b/,
    },
    build: "vite build",
    variants: [
      {
        because: "Vite writes a single-page app",
        static: { output: "dist", spa: true, immutable: ["assets"] },
        outputFrom: viteOutput,
      },
    ],
    caches: ["node_modules/.vite"],
    rootBase: { config: { files: viteConfig, pattern: basePattern }, option: "--base=/" },
    publicPrefix: "VITE_",
  },
  {
    name: "parcel",
    label: "Parcel",
    packages: ["parcel", "parcel-bundler"],
    build: "parcel build index.html",
    variants: [
      {
        because: "Parcel writes static files",
        static: { output: "dist", spa: true, immutable: [] },
        outputFrom: { files: ["package.json"], pattern: /--dist-dir[ =]([\w./-]+)/ },
      },
    ],
    caches: [".parcel-cache"],
  },
  { name: "express", label: "Express", packages: ["express"], build: null, variants: [], caches: [], library: true },
  { name: "fastify", label: "Fastify", packages: ["fastify"], build: null, variants: [], caches: [], library: true },
  { name: "hono", label: "Hono", packages: ["hono"], build: null, variants: [], caches: [], library: true },
  { name: "koa", label: "Koa", packages: ["koa"], build: null, variants: [], caches: [], library: true },
  { name: "hapi", label: "hapi", packages: ["@hapi/hapi"], build: null, variants: [], caches: [], library: true },
];

/** Whether a framework writes the value of a variable of this name into the files that it builds. */
export function isBuildTimeName(framework: string | null, name: string): boolean {
  const prefix = frameworks.find((row) => row.name === framework)?.publicPrefix;
  return prefix !== undefined && name.startsWith(prefix);
}
