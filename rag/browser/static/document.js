// A document's text with passages marked and statements underlined, scrolled to the first mark.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root") || document.createElement("div");
  root.className = "root document";
  root.tabIndex = 0;
  root.setAttribute("role", "document");
  root.setAttribute("aria-label", data.label);
  root.replaceChildren();
  const p = document.createElement("p");
  let shown = null;
  let mark = null;  // of one passage, whatever is underlined within it
  for (const piece of data.pieces) {
    if (!piece.mark) {
      mark = null;
    } else if (!mark || mark.dataset.kind !== piece.mark) {
      mark = document.createElement("mark");
      mark.dataset.kind = piece.mark;
      p.append(mark);
      if (piece.mark === "here") shown = shown || mark;
    }
    const within = mark || p;
    if (!piece.said) {
      within.append(piece.text);
      continue;
    }
    const said = document.createElement("u");
    said.textContent = piece.text;
    said.title = piece.said;
    within.append(said);
  }
  root.append(p);
  parentElement.append(root);
  if (shown) requestAnimationFrame(() => {
    root.scrollTop = Math.max(0, shown.offsetTop - root.offsetTop - root.clientHeight / 3);
  });
}
