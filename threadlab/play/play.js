// Plays a game: what has been chosen is a list, and all that is shown follows from it.
"use strict";

const data = JSON.parse(document.querySelector('script[type="application/json"]').textContent);
const {threads, decisions, ends, lines} = data;
const CLOCK = -1;
const find = (selector) => document.querySelector(selector);
const sources = [...document.querySelectorAll("[data-file]")];
let taken = [];  // of each decision, which option

function element(name, kind, text) {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

/** All that has happened; the decision that is due, or how it has ended. */
function replay() {
  const done = [[...data.opening]], path = [];
  let to = decisions.length ? 0 : -1;
  for (const choice of taken) {
    const [step, turn, options] = decisions[to], option = options[choice];
    path.push({step, turn, skip: option[1]});
    done.push(option[5]);
    to = option[6];
  }
  const delays = path.filter(({skip}) => skip);
  const token = delays.map(({step, turn, skip}) => `${step}${turn ? `+${turn}` : ""}.${skip}`);
  return {done, to, delays: delays.length, token: token.join() || "-"};
}

function many(count) {
  return count ? `${count} delay${count === 1 ? "" : "s"}` : "no delay";
}

function showOptions(options) {
  find(".options").replaceChildren(...options.map((option, n) => {
    const [thread, skip, code, , line] = option;
    const button = element("button", thread < 0 ? "" : `t${thread % 8}`, "");
    button.dataset.choose = n;
    button.disabled = option[6] === null;
    button.append(element("span", "thread", thread === CLOCK ? "Time passes" : `${threads[thread]} goes on`));
    if (code) button.append(element("code", "", code));
    button.append(element("span", "costs", (line ? `line ${line}, ` : "") + (skip ? "a delay" : "by itself")));
    if (find(".hints").checked) {
      button.append(element("span", option[8] ? "leads breaks" : "leads", option[7]));
    }
    return button;
  }));
}

function showResult(failure, {delays, token}) {
  find(".result").classList.toggle("broken", Boolean(failure));
  find(".how").textContent = failure ? `It broke. ${failure}` : "It passed: nothing failed.";
  const best = delays === data.fewest;
  find(".score").textContent = !failure ? "" : `With ${many(delays)}. ` +
    (best ? "It cannot be done with fewer." : `It can be done with ${many(data.fewest)}.`);
  find(".result code").textContent = `${data.again} ${token}`;
}

function showLog(done) {
  const rows = [];
  done.forEach((some, n) => some.forEach((number, m) => {
    const [thread, code, notes, mark] = lines[number];
    const tr = element("tr", mark + (n && n === done.length - 1 && !m ? " now" : ""), "");
    tr.append(element("td", `thread t${thread % 8}`, threads[thread]), element("td", "", ""));
    if (code) tr.lastChild.append(element("code", "", code));
    for (const note of notes) tr.lastChild.append(element("span", "note", note));
    rows.push(tr);
  }));
  find(".log tbody").replaceChildren(...rows);
  find(".log").scrollTop = find(".log").scrollHeight;
}

function showValues(done) {
  const values = new Map();
  done.forEach((some, n) => some.forEach((number) => {
    for (const [name, value] of lines[number][4]) {
      const is = values.get(name), last = n === done.length - 1 && n > 0;
      values.set(name, [value, last && is?.[0] !== value || last && is?.[1]]);
    }
  }));
  find(".values").hidden = !values.size;
  find(".values tbody").replaceChildren(...[...values].map(([name, [value, changed]]) => {
    const tr = element("tr", changed ? "changed" : "", "");
    tr.append(element("td", "what", name), element("td", "", value));
    return tr;
  }));
}

/** Where each thread that can go on is. */
function showSource(options) {
  document.querySelectorAll(".source .is-on").forEach((li) => {
    li.className = "";
    li.querySelector(".who").remove();
  });
  let first = null;
  for (const [thread, , , file, line] of options) {
    const li = sources[file]?.children[line - 1];
    if (!li) continue;
    first ??= li;
    if (!li.classList.contains("is-on")) {
      li.className = `is-on t${thread % 8}`;
      li.append(element("span", "who", ""));
    }
    li.lastChild.append(element("span", `t${thread % 8}`, threads[thread]));
  }
  if (first) find(".source").scrollTop = first.offsetTop - find(".source").clientHeight / 3;
}

function show() {
  const now = replay(), over = now.to < 0, options = over ? [] : decisions[now.to][2];
  find(".choose h2").textContent = over ? "It is over" : "Who goes on?";
  find(".result").hidden = !over;
  if (over) showResult(ends[-1 - now.to], now);
  showOptions(options);
  showLog(now.done);
  showValues(now.done);
  showSource(options);
  find('[data-do="undo"]').disabled = find('[data-do="restart"]').disabled = !taken.length;
  find('[data-do="end"]').disabled = over;
  find(".so-far").textContent = `Decision ${taken.length + !over}, ${many(now.delays)} so far.`;
}

const moves = {
  undo() { taken.pop(); },
  restart() { taken = []; },
  end() {
    // The first option is the one that is no delay, and has always been looked into.
    for (let {to} = replay(); to >= 0; to = decisions[to][2][0][6]) taken.push(0);
  },
};

function choose(choice) {
  const {to} = replay(), option = to < 0 ? undefined : decisions[to][2][choice];
  if (option && option[6] !== null) taken.push(choice);
}

function copy(button) {
  const code = button.previousElementSibling;
  const select = () => getSelection().selectAllChildren(code);
  if (!navigator.clipboard) return select();
  navigator.clipboard.writeText(code.textContent).then(() => { button.textContent = "Copied"; }, select);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy !== undefined) return copy(button);
  if (button.dataset.choose) choose(Number(button.dataset.choose));
  else moves[button.dataset.do]();
  show();
});
find(".hints").addEventListener("change", show);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const move = {u: "undo", Backspace: "undo", r: "restart", e: "end"}[event.key];
  if (move) moves[move]();
  else if (/^[1-9]$/.test(event.key)) choose(Number(event.key) - 1);
  else return;
  event.preventDefault();
  show();
});
show();
