/** Small hooks: re-draw on news, re-draw as time passes. */
import { useEffect, useReducer } from "preact/hooks";

interface Source {
  subscribe(listener: () => void): () => void;
}

/** Draws the component again on each news of the source. */
export function useNews(source: Source): void {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => source.subscribe(() => redraw(undefined)), [source]);
}

/** Draws the component again each `ms`, for ages that grow without news. */
export function useTick(ms: number): void {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => redraw(undefined), ms);
    return () => clearInterval(timer);
  }, [ms]);
}
