/** A copy with every text in it changed; its shape stays. */
export function textsThrough<T>(value: T, change: (text: string) => string): T {
  const copy = (one: unknown): unknown => {
    if (typeof one === "string") return change(one);
    if (typeof one !== "object" || one === null) return one;
    if (Array.isArray(one)) return one.map(copy);
    return Object.fromEntries(Object.entries(one).map(([name, entry]) => [name, copy(entry)]));
  };
  return copy(value) as T;
}
