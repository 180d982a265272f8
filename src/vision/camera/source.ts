/** What kind of camera a text names, and so by which way its pictures come. */
import { readCameraUrl, type CameraAddress } from "./camera-url.js";

export type CameraSource =
  | { readonly kind: "net"; readonly address: CameraAddress }
  /** Its pictures are handed in (`given.ts`). `giver` tells one from the next. */
  | { readonly kind: "given"; readonly giver: string };

const GIVEN = "given:";

/** The name, for vision, of a camera whose pictures `giver` hands in. */
export function givenSource(giver: string): string {
  return `${GIVEN}${giver}`;
}

/** @returns the source, or why a text names none, a phrase: "is not a URL". */
export function readSource(text: string): CameraSource | string {
  if (text.startsWith(GIVEN)) return { kind: "given", giver: text.slice(GIVEN.length) };
  const address = readCameraUrl(text);
  return typeof address === "string" ? address : { kind: "net", address };
}
