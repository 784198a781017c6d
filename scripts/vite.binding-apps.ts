import { defaultClientConditions, defineConfig, type PluginOption } from 'vite'
import { folderOfApp } from './binding-apps.mjs'

/** The plugins of the frameworks. */
const PLUGINS: Readonly<Record<string, () => Promise<PluginOption>>> = {
  react: async () => (await import('@vitejs/plugin-react')).default(),
  routers: async () => (await import('@vitejs/plugin-react')).default(),
  solid: async () => (await import('vite-plugin-solid')).default(),
  svelte: async () => (await import('@sveltejs/vite-plugin-svelte')).svelte({ configFile: false }),
  vue: async () => (await import('@vitejs/plugin-vue')).default(),
}

/**
 * Builds or serves an app of a binding (`--mode react`), with the frameworks' checks of development: the app of the suite, or the app in
 * the folder of the command line.
 */
export default defineConfig(async ({ mode }) => ({
  root: folderOfApp(mode), // A folder in the command line wins.
  plugins: [await PLUGINS[mode]?.()],
  resolve: {
    conditions: ['@carnet/source', ...defaultClientConditions],
    dedupe: ['react', 'react-dom'],
    // The example of Vue has Vue Router 4, and the page with all routers has Vue Router 5.
    alias: mode === 'routers' ? { 'vue-router': 'vue-router-5' } : {},
  },
  define: {
    'process.env.NODE_ENV': '"development"',
    // The plugin of Vue sets the flags of Vue, but the page with all routers has no such plugin.
    ...(mode === 'routers' && {
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    }),
  },
  build: { target: 'es2022', minify: false, chunkSizeWarningLimit: 4000 },
}))
