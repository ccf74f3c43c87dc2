import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { preferred } from "./src/messages/preferred.ts";

// `npx vite` beside `make up` serves the sources and hands calls on to the gateway.
const gateway = { target: "http://127.0.0.1:8000", changeOrigin: false };

const SCREENS = {
  hum: "Hum",
  songs: "Songs",
  match: "NewMatch",
  matches: "Match",
  presets: "Presets",
  film: "NewFilm",
  stories: "Story",
  jobs: "Jobs",
  library: "Library",
  settings: "Settings",
};

/** A script that asks for the words and the screen of this visit at once, not when the code that needs them has come. */
function first(): Plugin {
  const needed = (chunks: Bundled, name: string): string[] => {
    const chunk = chunks.find((it) => it.name === name);
    if (!chunk) throw new Error(`There is no chunk ${name}.`);
    return [
      chunk.fileName,
      ...chunk.imports.filter((it) => !chunks.find((of) => of.fileName === it)?.isEntry),
    ];
  };
  let file = "";
  return {
    name: "first",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((it) => it.type === "chunk");
      const words = { en: needed(chunks, "en"), zh: needed(chunks, "zh") };
      const screens = Object.fromEntries(
        Object.entries(SCREENS).map(([path, name]) => [path, needed(chunks, name)]),
      );
      const source = `for (const file of [
  ...${JSON.stringify(words)}[(${preferred.toString()})()],
  ...(${JSON.stringify(screens)}[location.pathname.split("/")[1]] ?? []),
]) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: "/" + file }));
}
`;
      file = this.getFileName(this.emitFile({ type: "asset", name: "first.js", source }));
    },
    transformIndexHtml: () => [{ tag: "script", attrs: { src: `/${file}`, async: true }, injectTo: "head" }],
  };
}

type Bundled = { name: string; fileName: string; imports: string[]; isEntry: boolean }[];

export default defineConfig({
  plugins: [react(), first()],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The notices that the licences of what is bundled ask for travel with it.
    license: { fileName: "licenses.md" },
  },
  server: { proxy: { "/v1": gateway, "/s/": gateway } },
  test: { environment: "jsdom" },
});
