import js from "@eslint/js";
import globals from "globals";

const vendored = { L: "readonly", protomapsL: "readonly", Supercluster: "readonly" };

const markup = ["innerHTML", "outerHTML", "insertAdjacentHTML", "cssText"].map(
  (property) => ({ property, message: "Text is set by textContent, elements by dom.js." }),
);

export default [
  { ignores: ["node_modules/", "static/vendor/"] },
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    languageOptions: { globals: { ...globals.browser, ...vendored } },
    rules: {
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": ["error", ...markup],
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", { max: 60, skipComments: true }],
      complexity: ["error", 12],
    },
  },
];
