export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  telemetry: false,
  // The server sets it: NUXT_PUBLIC_AUTHORITY.
  runtimeConfig: { public: { authority: '' } },
})
