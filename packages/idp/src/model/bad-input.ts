/** Thrown when a control operation is asked for something it cannot do; names every wrong field. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.problems = problems
  }
}

/** One field: what it must be, in words, and the test for it. */
export interface Rule {
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
}

/** The problems of `input` by `rules`: unknown fields and fields with a wrong value. */
export function problemsOf(input: object, rules: Readonly<Record<string, Rule>>): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!rule) return [`${name}: unknown, the known ones are ${Object.keys(rules).join(', ')}`]
    return rule.accepts(value) ? [] : [`${name}: must be ${rule.expected}`]
  })
}

export const isText = (value: unknown): value is string => typeof value === 'string'

export const isWholeNumber = (value: unknown, least: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least

export const oneOf = (...values: readonly unknown[]): Rule => ({
  expected: values.map((value) => JSON.stringify(value)).join(' or '),
  accepts: (value) => values.includes(value),
})
