/** The query `zone` loads zone.js before Angular, and `fetch` selects the backend of `HttpClient`. */
export {}

if (new URLSearchParams(location.search).has('zone')) await import('zone.js')
await import('./angular-http.ts')
