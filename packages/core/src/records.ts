/** Validation and versions of records and messages. */
export { formatOf } from './records/format.ts'
export { type Guard, instant, listOf, of, optional, shape, text, texts } from './records/shape.ts'
export { dictionaryOf, oneOf } from './records/shapes.ts'
