/**
 * Making elements. Text always goes in as text, never as markup, because most of it was typed by
 * somebody else.
 */

/**
 * Make one element.
 *
 * @param {string} tag - for example "button", or "p.note" with classes.
 * @param {object} attributes - attributes; `on` holds listeners, `data` the data-attributes; a value
 *   of false, null or undefined leaves the attribute out and true sets it empty.
 * @param {...(Node|string|null)} children - nodes, or text.
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) assign(element, key, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function assign(element, key, value) {
  if (key === "on") {
    for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
  } else if (key === "data") {
    Object.assign(element.dataset, value);
  } else if (key === "testid") {
    element.dataset.testid = value;
  } else if (value !== false && value !== null && value !== undefined) {
    element.setAttribute(key, value === true ? "" : value);
  }
}

/** A button that does something. */
export function button(label, onClick, attributes = {}) {
  return el("button", { type: "button", on: { click: onClick }, ...attributes }, label);
}

/** Change an element's text only when it differs, so that nothing is announced or painted in vain. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let labelled = 0;

/** A labelled form field: the label is tied to the field by an id of its own. */
export function field(label, input, hint) {
  labelled += 1;
  input.id ||= `field-${labelled}`;
  const hintText = hint ? el("span.hint", { id: `${input.id}-hint` }, hint) : null;
  if (hintText) input.setAttribute("aria-describedby", hintText.id);
  return el("div.field", {}, el("label", { for: input.id }, label), input, hintText);
}
