export declare function findFirefox():
  | { by: 'playwright' }
  | { by: 'system'; program: string }
  | undefined
export declare function findWebKit():
  | { by: 'playwright' }
  | { by: 'system'; browser: string; driver: string; screen: string | undefined }
  | undefined
export declare function ensureEngines(): void
