import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

/** What most pages use; in chunks of their own these small parts would weigh more than they do together. */
const PARTS =
  /client\/(ui\/(button|glow|gradual|hint|keyed|lazy-dialog|modal|page-head|select|text-of|time|toggle|trouble)|connections\/(provider-mark|status|words))\b|lucide-solid/

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid(), tailwindcss()],
  // The server's policy lets nothing in that stands inside the page, so nothing is put there.
  build: {
    ...{ outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'parts', test: PARTS, minShareCount: 3 }] } } },
  },
  server: { proxy: { '/trpc': 'http://127.0.0.1:3000', '/api': 'http://127.0.0.1:3000' } },
})
