import { type BootstrapContext, bootstrapApplication } from '@angular/platform-browser'
import { provideServerRendering } from '@angular/ssr'
import { App, config } from './app.ts'

const serverConfig = { providers: [...config.providers, provideServerRendering()] }

export default (context: BootstrapContext) => bootstrapApplication(App, serverConfig, context)
