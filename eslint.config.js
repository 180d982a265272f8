// Lint: floating promises and `any` are defects; time and chance have one reader each
// (src/time, devs/runtime/clock.ts); `src/wire` imports nothing outside itself. The direction of all
// other imports is checked by test/unit/tidy.test.ts, which prints the chain.
import js from "@eslint/js";
import tseslint from "typescript-eslint";

const timeAndChance = [
  { object: "Date", property: "now", message: "Take a Clock from src/time (devs: clock.ts)." },
  { object: "performance", property: "now", message: "Take a Clock from src/time." },
  { object: "Math", property: "random", message: "Take a Chance from src/time (devs: clock.ts)." },
  { object: "ds", property: "millis", message: "Use devs/runtime/clock.ts." },
];

const deviceSyntax = [
  {
    selector:
      "CallExpression[callee.object.name='Math'][callee.property.name=/^(min|max)$/][arguments.length!=2]",
    message: "DeviceScript's Math.min and Math.max look at two arguments and ignore all others.",
  },
];

/** What would keep the build from telling which method a call finds (docs/architecture/relinker.md). */
const wildCalls = [
  {
    selector: "CallExpression[callee.type='MemberExpression'][callee.computed=true]",
    message:
      "The build cannot tell what a computed member call finds. Take it into a variable first.",
  },
  {
    selector:
      "MemberExpression[property.name=/^(prototype|__proto__|setPrototypeOf|constructor)$/]",
    message: "Prototypes are the build's: it calls methods directly and takes their entries out.",
  },
  {
    selector: "BinaryExpression[left.operator='typeof'] > Literal[value='function']",
    message:
      "What is read by a computed name must not be called. Say in its type what can be called.",
  },
];

export default tseslint.config(
  { ignores: ["dist/", "coverage/", "node_modules/", ".devicescript/", "src/page/dist/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "no-restricted-properties": ["error", ...timeAndChance],
      "no-empty": ["error", { allowEmptyCatch: false }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["src/**/*.ts", "test/**/*.ts", "edge/**/*.ts"],
    ignores: ["src/main*.ts", "src/page/**", "test/device/**"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", name: ["test", "describe", "it"], package: "node:test" },
          ],
        },
      ],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
    },
  },
  {
    // The firmware's compiler has no `??=`, no spread of arguments into builtins and so on:
    // rules that would ask for them are off there.
    files: ["devs/**/*.ts", "src/wire/**/*.ts", "test/device/**/*.ts"],
    rules: {
      "prefer-const": "off",
      "prefer-spread": "off",
      "prefer-rest-params": "off",
      "no-restricted-syntax": ["error", ...deviceSyntax],
      // Arrow functions of the device have no `this`; an alias is its documented way.
      "@typescript-eslint/no-this-alias": "off",
    },
  },
  {
    files: ["devs/**/*.ts", "src/wire/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...deviceSyntax, ...wildCalls] },
  },
  {
    files: ["src/wire/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["../*", "node:*", "@*"], message: "src/wire imports nothing." }] },
      ],
    },
  },
  {
    files: [
      "src/time/**/*.ts",
      "edge/worker.ts",
      "devs/runtime/clock.ts",
      "src/page/**",
      "test/**",
      "scripts/**",
    ],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        AbortSignal: "readonly",
        Buffer: "readonly",
        fetch: "readonly",
        performance: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // Preloaded into the VM's process with --require, hence CommonJS.
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        __dirname: "readonly",
        __filename: "readonly",
        setImmediate: "readonly",
        setInterval: "readonly",
        setTimeout: "readonly",
        WebAssembly: "readonly",
      },
    },
  },
);
