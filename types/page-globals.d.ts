/** What tests put in place of a browser around the page's own code. The page itself is checked with the browser's types. */
declare const location: { readonly host: string; readonly origin: string };
declare const navigator: object;
declare const window: { readonly isSecureContext: boolean };
