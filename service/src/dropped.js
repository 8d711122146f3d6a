/**
 * Thrown where nothing of a PUT is written (`once.js`): an equal one is there that it may repeat, or its connection is
 * gone, so that its client may send it again.
 */
export class DroppedPut extends Error {
  name = "DroppedPut";
}
