// A command with a button that copies it.
import { h } from "./dom.js";

export function command_line(text) {
  const copied = h("span", { class: "note", role: "status" });
  const command = h("code", null, text);
  const copy = h("button", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied.textContent = "copied";
    } catch {
      // A page opened from disk may be refused the clipboard: leave the text selected instead.
      getSelection().selectAllChildren(command);
      copied.textContent = "selected";
    }
  } }, "Copy");
  return h("div", { class: "command" }, h("pre", null, command), copy, copied);
}
