// The policies as chips: point at one to bring it out in every chart, click to leave it out.
import { h, swatch } from "./dom.js";

export function legend({ styled, state }) {
  const shown = styled.length - state.hidden.size;
  return h("div", { class: "legend", role: "group", "aria-label": "Policies shown" },
    styled.map((policy) => {
      const hidden = state.hidden.has(policy.name);
      const focus = (on) => () => bring_out(on ? policy.order : null);
      return h("button", {
        type: "button", title: policy.name, "aria-pressed": String(!hidden),
        "data-key": `policy ${policy.order}`,
        onmouseenter: focus(true), onmouseleave: focus(false),
        onfocus: focus(true), onblur: focus(false),
        onclick: () => {
          if (!hidden && shown === 1) return; // The last one stays: empty charts say nothing.
          const next = new Set(state.hidden);
          if (!next.delete(policy.name)) next.add(policy.name);
          state.change({ hidden: next });
        },
      }, swatch(policy), policy.short);
    }));
}

function bring_out(order) {
  for (const node of document.querySelectorAll("svg .series")) {
    node.classList.toggle("dim", order !== null && !node.classList.contains(`p-${order}`));
  }
}
