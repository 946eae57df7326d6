// Everything that goes wrong on the page ends here: in the document for the reader, and in
// data-errors for the tests.
const problems = [];

export function complain(problem) {
  problems.push(String(problem?.message ?? problem));
  document.documentElement.dataset.errors = problems.length;
  let box = document.getElementById("problems");
  if (!box) {
    box = document.createElement("pre");
    box.id = "problems";
    box.className = "notice";
    document.body.prepend(box);
  }
  box.textContent = `This page could not draw everything:\n${problems.join("\n")}`;
}

export function collect_errors() {
  document.documentElement.dataset.errors = 0;
  addEventListener("error", (event) => complain(event.error ?? event.message));
  addEventListener("unhandledrejection", (event) => complain(event.reason));
  addEventListener("securitypolicyviolation", (event) =>
    complain(`blocked by the page's security policy: ${event.violatedDirective}`),
  );
}
