// Moves through an execution. All that is shown after a row is looked up in its tracks, each a
// list of changes in order of their rows; see tracks.py.
"use strict";

const MARKS = new Set(["held", "unseen", "race", "fail"]);

/** The last change of a track at `row` or before. */
function at(track, row) {
  let low = 0, high = track.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (track[middle][0] <= row) low = middle + 1;
    else high = middle;
  }
  return low ? track[low - 1] : null;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

/** Everything that one report does; returns what the keys call. */
function open(article) {
  const find = (selector) => article.querySelector(selector);
  const data = JSON.parse(find("script").textContent);
  const {strings, threads, places, rows, runs, words, marks} = data;
  const tops = [0];
  for (const height of data.heights) tops.push(tops.at(-1) + height);
  const starts = tops.map((top, row) => [top, row]);
  const slider = find("input"), status = find("output"), lanes = find(".lanes");
  const cursor = find(".cursor"), drawn = find(".rows");
  const above = find(".above"), below = find(".below");
  const source = find(".source");
  const lines = data.files.map((_, n) => [...find(`[data-file="${n}"]`).children]);
  const table = (name) => [...find(`.${name} tbody`)?.rows ?? []];
  const tables = {threads: table("threads"), values: table("values"), locks: table("locks")};
  const marked = new Map();
  let now = 0;

  find(".controls").hidden = cursor.hidden = false;
  slider.max = rows.length - 1;
  drawn.querySelectorAll(".part").forEach((part) => {
    part.style.height = `${part.firstElementChild.height.baseVal.value}px`;
  });

  const line = (place) => lines[places[place][0]]?.[places[place][1] - 1];
  const where = (place) => `${data.files[places[place][0]]}:${places[place][1]}`;

  function doing(thread, row) {
    const state = at(data.states[thread], row);
    if (!state) return "not started";
    const condition = data.conditions[state[1]], what = strings[state[2]];
    if (condition === "able" && thread === rows[row][5]) return runs;
    if (condition === "waits" && what) return `${words.waits} for ${what}`;
    if (condition === "failed" && what) return `${words.failed}: ${what}`;
    return thread === rows[row][5] && condition === "ended" ? `${runs}, and ends` : words[condition];
  }

  function showThreads(row) {
    const on = new Map(), runner = rows[row][5];
    threads.forEach((name, thread) => {
      const does = doing(thread, row), place = at(data.at[thread], row);
      const [, said, lies] = tables.threads[thread].cells;
      put(said, does);
      put(lies, place ? where(place[1]) : "");
      tables.threads[thread].classList.toggle("running", thread === runner);
      const gone = does === "not started" || does === words.ended;
      const li = !gone && place && line(place[1]);
      if (li) on.set(li, [...(on.get(li) ?? []), thread]);
    });
    for (const li of marked.keys()) if (!on.has(li)) showLine(li, [], runner);
    for (const [li, there] of on) {
      // Who runs comes first.
      there.sort((one, other) => (other === runner) - (one === runner) || one - other);
      showLine(li, there, runner);
    }
  }

  /** The threads that are at a line, which is left alone if they were there before. */
  function showLine(li, there, runner) {
    const running = there[0] === runner, known = `${running} ${there}`;
    if (marked.get(li) === known) return;
    marked.delete(li);
    li.querySelector(".who")?.remove();
    li.className = "";
    li.removeAttribute("aria-current");
    if (!there.length) return;
    marked.set(li, known);
    li.className = `is-on t${there[0] % 8}${running ? " is-running" : ""}`;
    if (running) li.setAttribute("aria-current", "step");
    const who = element("span", "who", "");
    for (const thread of there.slice(0, 3)) {
      const sign = running && thread === runner ? "▶ " : "";
      who.append(element("span", `t${thread % 8}`, sign + threads[thread]));
    }
    if (there.length > 3) who.append(element("span", "rest", `+${there.length - 3}`));
    li.append(who);
  }

  function showValues(row) {
    data.values.forEach((track, n) => {
      const value = at(track, row), tr = tables.values[n];
      tr.hidden = !value;
      if (!value) return;
      const changed = value[0] === row;
      tr.classList.toggle("changed", changed);
      put(tr.cells[1], strings[value[1]]);
      put(tr.cells[2], `${value[3] ? "written" : "read"} by ${threads[value[2]]}${changed ? ", now" : ""}`);
    });
  }

  function showLocks(row) {
    const holders = tables.locks.map(() => []);
    for (const [lock, thread, first, last] of data.holdings) {
      if (first <= row && (last === null || row < last)) holders[lock].push(threads[thread]);
    }
    holders.forEach((names, n) => put(tables.locks[n].cells[1], names.join(", ") || "nobody"));
  }

  /**
   * Where a pane, of which a heading and maybe a foot cover some, is to be scrolled for what is
   * from top to bottom to be seen; undefined if it is.
   */
  function scrolled(pane, top, bottom, over, under = 0) {
    const seen = pane.clientHeight - over - under, from = pane.scrollTop + over;
    if (top - 20 < from || bottom + 20 > from + seen) return top - over - seen / 2.5;
  }

  function tell(row) {
    const [thread, , , , , , said] = rows[row];
    const who = thread < 0 ? "" : `${threads[thread]}: `;
    return who + said.map((part) => strings[part]).join("; ");
  }

  function rowUnder(event) {
    const y = event.clientY - drawn.getBoundingClientRect().top;
    return Math.min(at(starts, y)[1], rows.length - 1);
  }

  function show(row) {
    now = Math.max(0, Math.min(row, rows.length - 1));
    const [thread, step, time, place, mark] = rows[now];
    // All is measured before anything is changed, so that it is laid out once.
    const over = above.offsetHeight, li = place >= 0 && line(place);
    const lanesTo = scrolled(lanes, tops[now] + over, tops[now + 1] + over, over, below.offsetHeight);
    const sourceTo = li ? scrolled(source, li.offsetTop, li.offsetTop + li.offsetHeight, 28) : undefined;
    const x = data.lanes[Math.max(thread, 0)], left = lanes.scrollLeft;
    const aside = x < left || x + 200 > left + lanes.clientWidth;
    showThreads(now);
    showValues(now);
    showLocks(now);
    slider.value = now;
    slider.setAttribute("aria-valuetext", `step ${step}`);
    put(status, `Step ${step}, ${time} s${marks[mark] ? `, ${marks[mark]}` : ""} — ${tell(now)}`);
    put(find(".now h2"), `After step ${step}`);
    cursor.style.transform = `translateY(${tops[now]}px)`;
    cursor.style.height = `${tops[now + 1] - tops[now]}px`;
    if (lanesTo !== undefined) lanes.scrollTop = lanesTo;
    if (aside) lanes.scrollLeft = x - 100;
    if (sourceTo !== undefined) source.scrollTop = sourceTo;
  }

  function toMark(direction) {
    for (let n = now + direction; n >= 0 && n < rows.length; n += direction) {
      if (MARKS.has(rows[n][4])) return show(n);
    }
  }

  const moves = {
    first: () => show(0), previous: () => show(now - 1), next: () => show(now + 1),
    last: () => show(rows.length - 1), back: () => show(now - 10), on: () => show(now + 10),
    "previous-mark": () => toMark(-1), "next-mark": () => toMark(1),
    stay: () => show(now),
  };
  slider.addEventListener("input", () => show(Number(slider.value)));
  drawn.addEventListener("click", (event) => show(rowUnder(event)));
  drawn.addEventListener("mousemove", (event) => { drawn.title = tell(rowUnder(event)); });
  article.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.go) moves[button.dataset.go]();
    if (button?.dataset.copy !== undefined) copy(button);
    if (button?.dataset.row) {
      show(Number(button.dataset.row));
      find(".player").scrollIntoView();
    }
  });
  show(data.start);
  return moves;
}

function copy(button) {
  const code = button.previousElementSibling;
  const select = () => getSelection().selectAllChildren(code);
  if (!navigator.clipboard) return select();
  navigator.clipboard.writeText(code.textContent).then(() => put(button, "Copied"), select);
}

const KEYS = {
  ArrowLeft: "previous", ArrowUp: "previous", k: "previous",
  ArrowRight: "next", ArrowDown: "next", j: "next",
  PageUp: "back", PageDown: "on", Home: "first", End: "last",
  n: "next-mark", p: "previous-mark",
};

const articles = [...document.querySelectorAll("article")];
const picker = document.querySelector("nav select");
let chosen = 0;

function choose(number) {
  chosen = number;
  articles.forEach((article, n) => { article.hidden = n !== chosen; });
  moves[chosen]?.stay();
}

articles.forEach((article, n) => { article.hidden = n > 0; });
const moves = articles.map(open);
picker?.addEventListener("change", () => choose(picker.selectedIndex));
document.addEventListener("keydown", (event) => {
  const elsewhere = event.target.closest?.("select, .now, .source");
  if (event.ctrlKey || event.altKey || event.metaKey || elsewhere || !KEYS[event.key]) return;
  event.preventDefault();
  moves[chosen]?.[KEYS[event.key]]();
});
