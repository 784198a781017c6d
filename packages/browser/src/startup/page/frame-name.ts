/** The name of the hidden iframe. An app in this iframe must not start. */
export const FRAME_NAME = 'carnet-silent'
