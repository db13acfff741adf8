// Keeps the demo's page live: sends forms without leaving the page and fetches its fragments anew when something
// changed. Without this file the page works by ordinary forms and reloads.
"use strict";

const body = document.body;
let query = body.dataset.query;
const say = document.querySelector("[data-say]");
const refused = document.querySelector("[data-refused]");
const dot = document.querySelector("[data-dot]");
body.classList.add("live");

function toTheEnd() {
  const talk = document.querySelector(".talk");
  if (talk) talk.scrollTop = talk.scrollHeight;
}

// What a person is in the middle of survives a fragment's replacement: typed words, focus, a closed or opened list.
function keep(old) {
  const typed = new Map([...old.querySelectorAll("textarea, input[id], select")].map((field) => [field.id, field.value]));
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const open = new Map([...old.querySelectorAll("details")].map((list) => [list.id, list.open]));
  return (made) => {
    made.querySelectorAll("textarea, input[id], select").forEach((field) => { if (typed.has(field.id)) field.value = typed.get(field.id); });
    made.querySelectorAll("details").forEach((list) => { if (open.has(list.id)) list.open = open.get(list.id); });
    if (!focused) return;
    const again = focused.id ? document.getElementById(focused.id)
      : [...made.querySelectorAll("button, a")].find((one) => one.textContent === focused.textContent);
    if (again) again.focus({ preventScroll: true });
    else if (made.querySelector("textarea")) made.querySelector("textarea").focus({ preventScroll: true });
  };
}

function replace(old, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const made = holder.content.firstElementChild;
  if (made.outerHTML === old.dataset.was) return;
  const seen = new Map([...old.querySelectorAll("[data-key]")].map((card) => [card.dataset.key, card.className]));
  const restore = keep(old);
  const was = made.outerHTML;
  old.replaceWith(made);
  made.dataset.was = was;
  restore(made);
  if (made.dataset.fragment === "phone") toTheEnd();
  if (made.dataset.fragment === "board") announce(made, seen);
}

function announce(board, seen) {
  const fresh = [...board.querySelectorAll("[data-key]")].filter((card) => !seen.has(card.dataset.key));
  for (const card of fresh) card.classList.add("fresh");
  if (!fresh.length) return;
  say.textContent = "At the school: " + fresh.map((card) => card.querySelector(".card-head").innerText).join("; ");
  const school = document.getElementById("school").getBoundingClientRect();
  if (school.top > window.innerHeight - 120) dot.hidden = false;
}

// Two looks may cross: what was asked for later is newer, and is never overwritten by what was asked for before.
let asked = 0;
const shown = {};

async function refresh(...names) {
  const number = ++asked;
  await Promise.all(names.map(async (name) => {
    // A tab that is closed, or a house that is starting again: the next change asks anew.
    const answer = await fetch(`/demo/fragments/${name}${query}`).catch(() => null);
    if (!answer || !answer.ok) return;
    const html = await answer.text();
    if (number < (shown[name] || 0)) return;
    shown[name] = number;
    replace(document.querySelector(`[data-fragment="${name}"]`), html);
  }));
}

async function post(form, button) {
  const sent = new FormData(form, button);
  const compose = form.matches("[data-compose]");
  body.classList.add("busy");
  try {
    if (compose) form.querySelector("textarea").value = "";
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent), headers: { "X-Live": "1" } });
    refused.textContent = answer.ok ? "" : await answer.text();
    refused.hidden = answer.ok;
    if (answer.ok) form.querySelectorAll("input[type=text]").forEach((field) => { field.value = field.defaultValue; });
    await refresh("phone", "board", "clock");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say.textContent = "The demo does not answer. Is it still running?";
  } finally {
    body.classList.remove("busy");
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-post]")) return;
  event.preventDefault();
  post(event.target, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("[data-compose] textarea")) return;
  event.preventDefault();
  if (event.target.value.trim()) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const words = event.target.closest("[data-try]");
  if (!words) return;
  const box = document.querySelector("[data-compose] textarea");
  box.value = words.textContent;
  box.focus();
});

document.querySelector("[data-chooser]").addEventListener("change", (event) => event.currentTarget.requestSubmit());
new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) dot.hidden = true; }, { threshold: .2 })
  .observe(document.getElementById("school"));

// The stream carries the ledger's number and nothing else.
new EventSource("/demo/changes").addEventListener("changed", () => refresh("phone", "board", "clock"));
toTheEnd();
