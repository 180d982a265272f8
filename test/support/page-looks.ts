/** Scripts that look at the page from inside: where controls are, what is read out, which text is too faint. */

/** Where each control is on the page, by its name. */
export const PLACES = `[...document.querySelectorAll("[data-line], [data-testid=talk], [data-testid=say], [data-testid=look-pad], [data-nav]")]
  .filter((e) => !e.closest("details"))
  .map((e) => {
    const { left, top, width, height } = e.getBoundingClientRect();
    // What sticks to the window stays there when the page is scrolled.
    const isSticky = /sticky|fixed/.test(getComputedStyle(e.closest("nav, .top, .card")).position);
    const y = isSticky ? top : top + scrollY;
    return [e.dataset.line ?? e.dataset.testid ?? e.dataset.nav, ...[left, y, width, height].map(Math.round)].join(" ");
  })`;

/** Collects in \`window.readOut\` what a screen reader is told to read out from now on. */
export const READ_OUT = `(() => {
  window.readOut = [];
  const region = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    if (!element || element.closest("[aria-hidden=true]")) return null;
    const live = element.closest("[aria-live], [role=status], [role=alert], [role=log]");
    return live?.getAttribute("aria-live") === "off" ? null : live;
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      const nodes = type === "characterData" ? [target] : [...addedNodes];
      for (const node of nodes) {
        const text = node.textContent.trim();
        if (region(node) && (text !== "" || node.nodeType === 1)) window.readOut.push(text);
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
})()`;

/** Text with less contrast than WCAG AA asks for; what is off is exempt. */
export const LOW_CONTRAST = `(() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => {
    const mix = (a, b) => a * top.a + b * (1 - top.a);
    return { r: mix(top.r, below.r), g: mix(top.g, below.g), b: mix(top.b, below.b), a: 1 };
  };
  const lightness = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (e) => {
    if (!e) return { r: 255, g: 255, b: 255, a: 1 };
    const own = parse(getComputedStyle(e).backgroundColor);
    return own.a === 1 ? own : over(own, ground(e.parentElement));
  };
  const opacity = (e) => (e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1);
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    const box = e.getBoundingClientRect();
    if (node.textContent.trim() === "" || box.width < 2 || e.closest(":disabled, .pad, noscript, svg, canvas")) continue;
    const style = getComputedStyle(e);
    const below = ground(e);
    const ink = parse(style.color);
    const shown = over({ ...ink, a: ink.a * opacity(e) }, below);
    const [hi, lo] = [lightness(shown), lightness(below)].sort((a, b) => b - a);
    const ratio = (hi + 0.05) / (lo + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.add(ratio.toFixed(2) + " " + e.className + ": " + node.textContent.trim().slice(0, 40));
  }
  return [...found];
})()`;
