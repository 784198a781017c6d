/** How records and messages are read and written. */
export { type Format, formatOf } from './records/format.ts'
export {
  type Guard,
  instant,
  listOf,
  of,
  optional,
  type Read,
  shape,
  text,
  texts,
} from './records/shape.ts'
export { dictionaryOf, oneOf } from './records/shapes.ts'
