/** A connection to a camera, plain or by TLS, before anything was sent on it. */
import net from "node:net";
import tls from "node:tls";
import type { CameraAddress } from "./camera-url.js";
import type { Certificates } from "./certificates.js";

/** Why a camera gives nothing, for people. */
export class CameraError extends Error {
  override readonly name = "CameraError";
  readonly kind = "transient";
}

/**
 * Dials. A certificate that no authority vouches for must be the one that is known of this camera; that is seen before
 * anything, a password above all, is sent.
 * @param signal closes the connection, whenever it is aborted.
 * @throws CameraError with plain words.
 */
export function dialCamera(
  address: CameraAddress,
  certificates: Certificates,
  signal: AbortSignal,
): Promise<net.Socket> {
  const { host, port, protocol } = address;
  const isSecure = protocol === "https:" || protocol === "wss:";
  return new Promise((resolve, reject) => {
    const socket = isSecure
      ? tls.connect({
          host,
          port,
          // Addresses have no place in SNI.
          ...(net.isIP(host) === 0 && { servername: host }),
          // Judged below.
          rejectUnauthorized: false,
        })
      : net.connect({ host, port });
    const close = (): void => void socket.destroy();
    signal.addEventListener("abort", close, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", close));
    // What comes after the connection is for who reads it.
    const fail = (error: Error): void => reject(new CameraError(plainError(error)));
    socket.once("error", fail);
    socket.once(isSecure ? "secureConnect" : "connect", () => {
      socket.off("error", fail);
      const fault =
        socket instanceof tls.TLSSocket
          ? certificateFault(socket, `${host}:${port}`, certificates)
          : undefined;
      if (fault === undefined) return resolve(socket);
      socket.destroy();
      reject(new CameraError(fault));
    });
    socket.once("close", () => reject(new CameraError("the camera closed the connection")));
    if (signal.aborted) close();
  });
}

function certificateFault(
  socket: tls.TLSSocket,
  camera: string,
  certificates: Certificates,
): string | undefined {
  if (socket.authorized) return undefined;
  const { fingerprint256 } = socket.getPeerCertificate();
  if (fingerprint256 === undefined) return "the camera shows no certificate";
  if (certificates.judge(camera, fingerprint256) !== "changed") return undefined;
  return `the camera shows another certificate than before (SHA-256 ${fingerprint256}); if that is right, delete its line in camera-certs.json`;
}

/** What a connection's error means, for people. */
export function plainError(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED") return "nothing listens at the camera's address";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "the camera's name is not known";
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") return "the camera cannot be reached";
  if (code === "ECONNRESET") return "the camera reset the connection";
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO") {
    return "the camera speaks no TLS there: http:// or ws:// instead?";
  }
  return `${code ?? error.name}: ${error.message}`.slice(0, 200);
}
