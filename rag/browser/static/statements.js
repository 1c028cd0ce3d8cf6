// A table of who said what; a row's words open their passage.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root") || document.createElement("div");
  root.trigger = setTriggerValue;
  const state = JSON.stringify(data);
  if (root.state === state) return;
  root.state = state;
  root.className = data.scroll ? "root scroll" : "root";
  if (data.scroll) {
    root.tabIndex = 0;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", data.caption);
  }
  root.replaceChildren();
  const make = (name, text, within) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    within.append(element);
    return element;
  };
  const table = make("table", "", root);
  make("caption", data.caption, table);
  const head = make("tr", "", make("thead", "", table));
  const optional = ["Through", "Outlet", "Date"].filter(
    (name) => data.rows.some((row) => row[name.toLowerCase()]));
  for (const name of ["Speaker", "Words", ...optional]) make("th", name, head).scope = "col";
  const body = make("tbody", "", table);
  data.rows.forEach((row, index) => {
    const line = make("tr", "", body);
    const cell = (name, text) => {
      const td = make("td", text, line);
      td.dataset.name = name;
      return td;
    };
    const who = cell("Speaker", "");
    who.className = "speaker";
    make("strong", row.speaker, who);
    if (row.role) make("small", row.role, who);
    if (!row.certain) make("small", "read from what stands before", who);
    const words = cell("Words", "");
    words.className = "words";
    const button = make("button", row.words, words);
    button.className = "words";
    button.type = "button";
    button.setAttribute("aria-label", "Open: " + row.speaker + ", " + row.words);
    button.onclick = () => root.trigger("open", index);
    for (const name of optional)
      cell(name, row[name.toLowerCase()]).classList.add(name.toLowerCase());
  });
  parentElement.append(root);
}
