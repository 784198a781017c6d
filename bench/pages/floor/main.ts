import '../started.ts'
import { startPage } from '../page.ts'
import { adapter } from './adapter.ts'

startPage(adapter)
