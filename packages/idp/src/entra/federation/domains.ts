import { tenants } from '../directory/tenants.ts'
import type { Entra } from '../state/entra.ts'

/** True for the domain of the home tenant, if it has a federation server. */
export const isFederated = ({ federation }: Pick<Entra, 'federation'>, domain: string): boolean =>
  federation !== undefined && domain.toLowerCase() === tenants.home.domain
