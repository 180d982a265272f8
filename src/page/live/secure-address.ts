/** Browsers give microphone and camera to https alone: where this page would be then, for who came by plain HTTP. */
export function secureAddress(): string {
  return `https://${location.host}/`;
}
