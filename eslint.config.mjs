// The rules of Odoo's own test_lint, for both addons; no plug-in is needed.

const declared = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

const browser = declared([
    "AbortController", "Blob", "BroadcastChannel", "CSS", "CustomEvent", "DOMParser", "DataTransfer", "Element",
    "Event", "File", "FormData", "HTMLElement", "Intl", "IntersectionObserver", "KeyboardEvent",
    "MouseEvent", "MutationObserver", "Node", "ResizeObserver", "URL", "URLSearchParams",
    "cancelAnimationFrame", "clearInterval", "clearTimeout", "console", "document", "fetch",
    "getComputedStyle", "history", "localStorage", "location", "navigator", "performance",
    "requestAnimationFrame", "sessionStorage", "setInterval", "setTimeout", "window",
]);

export default [
    {
        files: ["*/static/**/*.js"],
        linterOptions: { reportUnusedDisableDirectives: "error" },
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...browser, ...declared(["luxon", "odoo"]) },
        },
        rules: {
            "complexity": ["error", 10],
            "consistent-return": "error",
            "curly": "error",
            "eqeqeq": "error",
            "max-lines": ["error", 400],
            "max-lines-per-function": ["error", { max: 60, skipBlankLines: true }],
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-class-members": "error",
            "no-dupe-else-if": "error",
            "no-dupe-keys": "error",
            "no-duplicate-imports": "error",
            "no-eval": "error",
            "no-implicit-globals": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": [
                "error",
                "PrivateIdentifier",
                {
                    selector: "CallExpression[callee.name='_t'] > :first-child[value=/(.*%s){2,}/]",
                    message: "Name the placeholders of a text that has more than one.",
                },
            ],
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unsafe-negation": "error",
            "no-unused-vars": ["error", { vars: "all", args: "none", caughtErrors: "all" }],
            "no-var": "error",
            "prefer-const": "error",
            "valid-typeof": "error",
        },
    },
    {
        // A test file lists its cases in one place.
        files: ["*/static/tests/**/*.js"],
        rules: { "max-lines-per-function": "off" },
    },
];
