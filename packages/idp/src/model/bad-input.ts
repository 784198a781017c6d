/** Thrown for invalid input. The message names every wrong field. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('; '))
    this.problems = problems
  }
}

/** The rule for one field: a description for the error message, and the test. */
export interface Rule {
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
}

/** Lists the unknown fields and the fields with a wrong value. */
export function problemsOf(input: object, rules: Readonly<Record<string, Rule>>): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    if (!rule) return [`${name}: unknown; known fields are ${Object.keys(rules).join(', ')}`]
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
