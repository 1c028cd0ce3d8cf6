// Where the reader's eyes and cursor go. A question just asked, or the last one of a chat just
// opened, is shown at the top: its answer grows below it and nothing moves. The cursor comes back
// to the input after an answer and after a source is closed, unless somebody is elsewhere; not
// where a finger points, there it would open the keyboard over the answer.
const typing = () => {
  const here = document.activeElement;
  return here && here !== document.body && here.tagName !== "BUTTON";
};
const soon = (act, tries = 40) => {
  if (!act() && tries) setTimeout(() => soon(act, tries - 1), 50);
};
const focus = () => {
  if (matchMedia("(pointer: coarse)").matches) return;
  soon(() => {
    if (typing() || document.querySelector('[role="dialog"]')) return true;
    const input = document.querySelector('[data-testid="stChatInputTextArea"]');
    if (!input || input.disabled) return false;
    input.focus({ preventScroll: true });
    return true;
  });
};
const closed = (event) => {
  // At the key's release the dialog is gone already; at a click on its X it is still there.
  const leaving = event.type === "keyup"
    ? event.key === "Escape" : document.querySelector('[role="dialog"]');
  if (!leaving) return;
  let tries = 10;
  const wait = () => {
    if (!document.querySelector('[role="dialog"]')) focus();
    else if (tries--) setTimeout(wait, 100);
  };
  setTimeout(wait, 50);
};

// While a question is being answered there is a button that stops it; a quick answer has none.
const answered = (seen = false, tries = 10) => {
  const asking = document.querySelector(".st-key-stop button");
  if (!asking && (seen || !tries)) focus();
  else setTimeout(() => answered(seen || Boolean(asking), tries && tries - 1), 200);
};

// What stands above a new question is drawn again after the question itself is there, and pushes it
// down (to 602 of 800 px, measured): it is held at the top until all of it has been still for a
// while. A reader who scrolls, types or points at something goes where they like.
const STILL = 1500; // ms
const LEAVING = ["wheel", "touchmove", "keydown", "pointerdown"];
const hold = (messages) => {
  window.onrecordHold?.abort();
  const held = (window.onrecordHold = new AbortController());
  LEAVING.forEach((name) => document.addEventListener(
    name, () => held.abort(), { capture: true, passive: true, signal: held.signal }
  ));
  let until = performance.now() + STILL;
  const draw = () => {
    if (held.signal.aborted) return;
    const asked = document.querySelectorAll('[data-testid="stChatMessage"]')[messages - 2];
    const before = asked?.getBoundingClientRect().top;
    asked?.scrollIntoView({ block: "start" });
    const moved = !asked || asked.getBoundingClientRect().top !== before;
    if (moved || document.querySelector(".st-key-stop button")) until = performance.now() + STILL;
    if (performance.now() < until) setTimeout(draw, 50);
    else held.abort();
  };
  draw();
};

export default function ({ data }) {
  if (!window.onrecordListens) {
    window.onrecordListens = true;
    document.addEventListener("keyup", closed, true);
    document.addEventListener("click", closed, true);
  }
  const before = window.onrecordShown;
  window.onrecordShown = data.shown;
  if (before === data.shown || !data.messages) return;
  hold(data.messages);
  if (data.asking) answered();
}
