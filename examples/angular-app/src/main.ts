import { bootstrapApplication } from '@angular/platform-browser'
import { provideRouter } from '@angular/router'
import { provideCarnet } from '@carnet/angular'
import { App, routes } from './app.ts'
import { auth } from './auth.ts'

void bootstrapApplication(App, { providers: [provideCarnet(auth), provideRouter(routes)] })
