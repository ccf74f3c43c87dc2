import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npx vite` beside `make up` serves the sources and hands calls on to the gateway.
const gateway = { target: "http://127.0.0.1:8000", changeOrigin: false };

export default defineConfig({
  plugins: [react()],
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
