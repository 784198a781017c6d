/** Escapes the separator only. Unlike `encodeURIComponent`, it accepts every string. */
export const escapeKey = (id: string): string => id.replaceAll('%', '%25').replaceAll('|', '%7C')
