// What an answer said before and says now, line by line.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root") || document.createElement("div");
  root.className = "root lines";
  root.replaceChildren();
  for (const [kind, text] of data.lines) {
    const p = document.createElement("p");
    p.className = kind;
    let within = p;
    if (kind !== "same") {
      const told = document.createElement("b");
      told.textContent = kind === "added" ? "Now" : "Before";
      within = document.createElement(kind === "added" ? "ins" : "del");
      p.append(told, within);
    }
    within.append(text);
    root.append(p);
  }
  parentElement.append(root);
}
