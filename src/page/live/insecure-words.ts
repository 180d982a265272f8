/** Browsers give microphone and camera to https alone; whoever reads this came by plain HTTP. */
export function insecureWords(what: string): string {
  return `Browsers give ${what} to https only: start Buddy with --https, then open https://${location.host}/ here.`;
}
