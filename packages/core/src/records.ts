/** How records and messages are read and written. */
export { formatOf } from './records/format.ts'
export { type Guard, instant, listOf, of, optional, shape, text, texts } from './records/shape.ts'
export { dictionaryOf, oneOf } from './records/shapes.ts'
