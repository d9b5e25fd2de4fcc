const CONTROLS = "input:not([type=hidden]), textarea, select";

function getChosen(select) {
    return [...select.options].filter((option) => option.selected);
}

function getPreset(select) {
    const preset = [...select.options].filter((option) => option.defaultSelected);
    return preset.length || select.multiple ? preset : [...select.options].slice(0, 1);
}

/** Tell whether a reader has changed a control and not sent it yet. */
function isChanged(control) {
    switch (control.type) {
        case "checkbox":
        case "radio":
            return control.checked !== control.defaultChecked;
        case "file":
            return control.files.length > 0;
        case "select-one":
        case "select-multiple":
            return String(getChosen(control).map((one) => one.index)) !==
                String(getPreset(control).map((one) => one.index));
        default:
            return control.value !== control.defaultValue;
    }
}

function getChanged(el) {
    return [...el.querySelectorAll(CONTROLS)].filter(isChanged);
}

function isFocused(el) {
    const focused = document.activeElement;
    return el.contains(focused) && !focused.matches("h1, h2"); // titles take no input
}

/** Tell whether replacing what is in `el` would take something out of a reader's hands. */
export function isInUse(el) {
    return (
        isFocused(el) ||
        el.querySelector("dialog[open]") !== null ||
        getChanged(el).length > 0
    );
}

function isTwin(one, other) {
    const isChoice = ["checkbox", "radio"].includes(one.type);
    return (
        one.type === other.type &&
        one.name === other.name &&
        one.form?.getAttribute("action") === other.form?.getAttribute("action") &&
        (!isChoice || one.value === other.value)
    );
}

function fill(control, from) {
    if (control.type === "file") {
        control.files = from.files;
    } else if (control.options) {
        const chosen = getChosen(from).map((option) => option.value);
        for (const option of control.options) {
            option.selected = chosen.includes(option.value);
        }
    } else {
        control.value = from.value;
        control.checked = from.checked;
    }
}

/**
 * Enter into `to` what a reader has entered into `from`.
 *
 * @returns {string[]} the texts for which there is no place any more
 */
export function carryOver(from, to) {
    const lost = [];
    const places = [...to.querySelectorAll(CONTROLS)];
    for (const control of getChanged(from)) {
        const place = places.find((one) => one.name && isTwin(one, control));
        if (place) {
            fill(place, control);
        } else if (["text", "textarea"].includes(control.type) && control.value.trim()) {
            lost.push(control.value);
        }
    }
    return lost;
}
