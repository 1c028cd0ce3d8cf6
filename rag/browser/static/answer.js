// An answer: paragraphs with markers, its sources, and what can be done with it. All text is
// written as text nodes, so nothing in it can run, load or link.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root") || document.createElement("div");
  root.trigger = setTriggerValue;
  // Every question draws the whole chat anew: what stays the same is not built again.
  const state = JSON.stringify(data);
  if (root.state === state) return;
  root.state = state;
  root.className = "root";
  root.replaceChildren();
  const make = (name, within, text, properties = {}) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    Object.assign(element, properties);
    within.append(element);
    return element;
  };
  const button = (within, text, className, onclick, label) => {
    const made = make("button", within, text, { type: "button", className, onclick });
    if (label) made.setAttribute("aria-label", label);
    return made;
  };

  for (const paragraph of data.paragraphs) {
    const quote = paragraph.some((piece) => piece.verbatim);
    const p = make("p", root, "", { className: quote ? "quote" : "" });
    for (const piece of paragraph) {
      if (piece.marker !== undefined) {
        const open = () => root.trigger("open", piece.citation);
        button(p, piece.marker, "marker", open, "Open source " + piece.marker).title = piece.quote;
      } else if (piece.strong !== undefined) {
        make("strong", p, piece.strong);
      } else if (piece.speaker !== undefined) {
        make("strong", p, piece.speaker);
        p.append(": ");
      } else if (piece.told !== undefined) {
        make("span", p, piece.text, { className: "told", title: piece.told });
      } else {
        p.append(piece.text);
      }
    }
  }

  if (data.struck.length) {
    const details = make("details", root, "", { className: "struck" });
    make("summary", details, "Show what was struck (" + data.struck.length + ")");
    for (const sentence of data.struck) {
      const p = make("p", details);
      make("s", p, sentence.text);
      make("small", p, sentence.why, { className: "why" });
    }
  }

  if (data.sources.length) {
    const list = make("ul", root, "", { className: "sources" });
    list.setAttribute("aria-label", "Sources");
    for (const source of data.sources) {
      const item = make("li", list);
      make("b", item, source.number);
      const open = () => root.trigger("open", source.citation);
      const opener = button(item, source.title, "source", open);
      opener.title = source.quote;
      if (source.origin) make("small", opener, " · " + source.origin);
    }
  }

  if (data.tools.length) {
    const tools = make("div", root, "", { className: "tools" });
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", "Answer");
    for (const tool of data.tools) {
      const act = () => root.trigger("act", tool.name);
      const made = button(tools, tool.text, "", act, tool.label);
      made.title = tool.label;
      if (tool.pressed !== undefined) made.setAttribute("aria-pressed", String(tool.pressed));
      if (tool.copy === undefined) continue;
      made.onclick = async () => {
        try {
          await navigator.clipboard.writeText(tool.copy);
        } catch {  // not a secure context, or forbidden: the old way
          const area = make("textarea", document.body, "", { value: tool.copy });
          area.select();
          document.execCommand("copy");
          area.remove();
          made.focus();
        }
        made.textContent = "Copied";
        setTimeout(() => { made.textContent = tool.text; }, 1500);
      };
    }
  }
  parentElement.append(root);
}
