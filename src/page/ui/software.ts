/** Whether this browser draws without a graphics card: then each picture costs the processor, which sound and clicks need. */

let answer: boolean | undefined;

/** True when the browser says that it has no graphics card to draw with. Asked once: to ask costs a 3-D context. */
export function drawsInSoftware(): boolean {
  return (answer ??= ask());
}

function ask(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = String(info ? gl?.getParameter(info.UNMASKED_RENDERER_WEBGL) : "");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
