// While something runs: the page as it is now, in place of what it was; open sections, focus and scrolling stay.
const EVERY_MS = 1500;

// A link of the graph opens the section that it leads to.
function reveal() {
  const section = location.hash && document.getElementById(location.hash.slice(1));
  if (section instanceof HTMLDetailsElement) {
    section.open = true;
    section.querySelector("summary").focus({ preventScroll: true });
  }
}

const BOXES = ".canvas, .lines, pre";
// Sections and their boxes keep their names while others come between them.
const nameOf = (box) => `${box.closest("details")?.id} ${box.getAttribute("aria-label")}`;
const placeOf = (box) => ({
  left: box.scrollLeft,
  top: box.scrollTop,
  atEnd: box.matches(".lines") && box.scrollTop > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 2,
});

// Log lines begin where the last failure is, or at their end; a graph wider than its box with the state that it is about.
function show(boxes) {
  for (const box of boxes) {
    const failure = [...box.querySelectorAll(".error, .critical")].at(-1);
    box.scrollTop = failure ? failure.offsetTop : box.scrollHeight;
  }
}

function centre(canvas) {
  const states = [...canvas.querySelectorAll(".state")];
  const about = states.findLast((state) => state.matches(".failed, .running")) ?? states[0];
  const [box, around] = [about.querySelector(".box").getBoundingClientRect(), canvas.getBoundingClientRect()];
  const [x, y] = [box.left + box.width / 2 - around.left, box.top + box.height / 2 - around.top];
  canvas.scrollBy(x - around.width / 2, y - around.height / 2);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return true;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.querySelector("main");
  const open = [...main.querySelectorAll("details[open]")].map((section) => section.id);
  const scrolled = new Map([...main.querySelectorAll(BOXES)].map((box) => [nameOf(box), placeOf(box)]));
  const focused = document.activeElement?.closest("details")?.id;
  if (document.activeElement?.closest("form") || !getSelection().isCollapsed) return true;
  main.innerHTML = now.querySelector("main").innerHTML;
  for (const section of open.map((id) => document.getElementById(id)).filter(Boolean)) {
    section.open = true;
    section.dataset.seen = "yes";
  }
  for (const box of main.querySelectorAll(BOXES)) {
    const { left, top, atEnd } = scrolled.get(nameOf(box)) ?? { left: 0, top: 0 };
    box.scrollTo(left, atEnd ? box.scrollHeight : top);
  }
  if (focused) document.getElementById(focused)?.querySelector("summary").focus({ preventScroll: true });
  return Boolean(now.querySelector("script[data-live]"));
}

addEventListener("hashchange", reveal);
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.open || target.dataset.seen) return;
    target.dataset.seen = "yes";
    show(target.querySelectorAll(".lines"));
  },
  true,
);
reveal();
show(document.querySelectorAll(".lines"));
document.querySelectorAll(".canvas").forEach(centre);
if (document.querySelector("script[data-live]")) {
  const again = () =>
    setTimeout(async () => {
      if (document.hidden || (await refresh().catch(() => true))) again();
    }, EVERY_MS);
  again();
}
