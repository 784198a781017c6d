import { createManager } from './manager.ts'

void createManager().signinCallback()
