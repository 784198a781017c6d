/** The name of the hidden frame: an app that finds itself in there must not start. */
export const FRAME_NAME = 'carnet-silent'
