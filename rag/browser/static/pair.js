// A sentence of a draft and the document's own, what differs marked.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root") || document.createElement("div");
  root.className = "root pair";
  root.replaceChildren();
  for (const line of data.lines) {
    const p = document.createElement("p");
    p.className = line.side;
    const label = document.createElement("small");
    label.textContent = line.label;
    p.append(label);
    for (const part of line.parts) {
      const within = part.mark ? document.createElement("b") : p;
      within.append(part.text);
      if (part.mark) p.append(within);
    }
    root.append(p);
  }
  parentElement.append(root);
}
