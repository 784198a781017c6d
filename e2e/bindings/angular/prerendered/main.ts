import { bootstrapApplication } from '@angular/platform-browser'
import { App, config } from './app.ts'

void bootstrapApplication(App, config)
