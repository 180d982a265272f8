/**
 * One way of a faulty connection: bytes that are due at their time.
 */

export interface Lane {
  chunks: { dueMs: number; data: Buffer }[];
  lastDueMs: number;
}

export function lane(): Lane {
  return { chunks: [], lastDueMs: 0 };
}

export function due(from: Lane, nowMs: number): Buffer[] {
  const out: Buffer[] = [];
  while (from.chunks[0] && from.chunks[0].dueMs <= nowMs) {
    out.push((from.chunks.shift() as { data: Buffer }).data);
  }
  return out;
}
