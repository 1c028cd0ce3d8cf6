// A draft's text, each sentence marked by its verdict; a click or a key chooses one. All text is
// written as text nodes, so nothing in it can run, load or link.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root") || document.createElement("div");
  root.trigger = setTriggerValue;
  const state = JSON.stringify(data);
  if (root.state === state) return;
  root.state = state;
  const place = root.scrollTop;
  const focused = root.contains(root.getRootNode().activeElement);
  root.className = "root draft";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.label);
  root.replaceChildren();
  const make = (name, within, text, className) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (className) element.className = className;
    within.append(element);
    return element;
  };
  const all = [];
  for (const paragraph of data.paragraphs) {
    const p = make("p", root);
    for (const piece of paragraph) {
      if (piece.sentence === undefined) {
        p.append(piece.text);
        continue;
      }
      // No <button>: its text would not flow from line to line.
      const sentence = make("span", p, "", "sentence");
      sentence.dataset.verdict = piece.verdict;
      sentence.dataset.quiet = piece.quiet;
      sentence.title = piece.told;
      sentence.tabIndex = piece.chosen ? 0 : -1;
      sentence.setAttribute("role", "button");
      sentence.setAttribute("aria-pressed", String(piece.chosen));
      if (piece.sign) make("span", sentence, piece.sign, "sign").setAttribute("aria-hidden", "true");
      make("span", sentence, piece.told + ": ", "unseen");
      for (const part of piece.parts) {
        if (part.mark) make("b", sentence, part.text);
        else sentence.append(part.text);
      }
      sentence.onclick = () => {
        if (!String(getSelection())) root.trigger("choose", piece.sentence);
      };
      all.push(sentence);
    }
  }
  root.onkeydown = (event) => {
    const here = all.indexOf(root.getRootNode().activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (here < 0) return;
    if (step) all[here + step]?.focus();
    else if (event.key === "Enter" || event.key === " ") all[here].onclick();
    else return;
    event.preventDefault();
  };
  parentElement.append(root);
  root.scrollTop = place;
  const chosen = all.find((sentence) => sentence.tabIndex === 0);
  if (!chosen && all.length) all[0].tabIndex = 0;
  if (!chosen) return;
  if (focused) chosen.focus({ preventScroll: true });
  requestAnimationFrame(() => {
    const box = root.getBoundingClientRect();
    const at = chosen.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom)
      root.scrollTop += at.top - box.top - root.clientHeight / 3;
  });
}
