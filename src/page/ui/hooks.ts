/** Small hooks: re-draw on news, re-draw as time passes, keep the focus. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { type ViewName, viewOf } from "./views.js";

interface Source {
  subscribe(listener: () => void): () => void;
}

/** Draws the component again on each news of the source. */
export function useNews(source: Source): void {
  const redraw = useRedraw();
  useEffect(() => source.subscribe(redraw), [source]);
}

/** To draw the component again when something that it shows has changed. */
export function useRedraw(): () => void {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  return () => redraw(undefined);
}

/** Draws the component again each `ms`, for ages that grow without news. */
export function useTick(ms: number): void {
  const redraw = useRedraw();
  useEffect(() => {
    const timer = setInterval(redraw, ms);
    return () => clearInterval(timer);
  }, [ms]);
}

/**
 * A browser takes the focus from a control that is disabled. It is given back with the control, unless the person has
 * gone on to something else meanwhile.
 */
export function useKeptFocus<T extends HTMLElement>(isDisabled: boolean): RefObject<T> {
  const element = useRef<T>(null);
  const hadFocus = useRef(false);
  // While drawing, so before the browser hears of it.
  if (isDisabled && document.activeElement === element.current) hadFocus.current = true;
  useLayoutEffect(() => {
    if (isDisabled || !hadFocus.current) return;
    hadFocus.current = false;
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, [isDisabled]);
  return element;
}

/** The view of the address, drawn again as it changes: by a link, by back and forward. */
export function useView(): ViewName {
  const [view, setView] = useState(() => viewOf(location.hash));
  useEffect(() => {
    const look = (): void => setView(viewOf(location.hash));
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return view;
}
