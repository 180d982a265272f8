/** As much of the Workers runtime as `edge/` uses. https://developers.cloudflare.com/durable-objects/api/ */
declare module "cloudflare:workers" {
  export interface Storage {
    get<T>(key: string): Promise<T | undefined>;
    put<T>(entries: Record<string, T>): Promise<void>;
    delete(keys: string[]): Promise<number>;
  }

  export class DurableObject<Env = unknown> {
    constructor(ctx: { readonly storage: Storage }, env: Env);
    protected readonly ctx: { readonly storage: Storage };
    protected readonly env: Env;
  }
}
