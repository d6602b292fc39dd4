/* What is smoother with JavaScript; every page works without it. No library, nothing from elsewhere. Its words are
   the page’s: data attributes that the templates fill. */
(() => {
  "use strict";
  const PREFIX = "mur:";
  const keys = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  const safely = (act) => { try { return act(); } catch { return null; } }; // storage may be refused or full

  /* A publication on its way: ask until the page is online. */
  for (const says of document.querySelectorAll("[data-state]")) {
    let tries = 0;
    const ask = async () => {
      tries += 1;
      const answer = await fetch(says.dataset.state, { headers: { Accept: "application/json" } }).catch(() => null);
      const told = answer && answer.ok ? await answer.json().catch(() => null) : null;
      const going = says.querySelector("[data-going]");
      if (told && told.state === "published") {
        says.querySelector("[data-words]").textContent = says.dataset.online;
        going.textContent = "";
        if (/^https?:/.test(told.url)) {
          const link = document.createElement("a");
          link.href = told.url;
          link.textContent = says.dataset.open;
          going.append(link);
        }
      } else if (told && told.why) {
        going.textContent = says.dataset.failed.replace("{why}", () => told.why);
      } else if (tries < 90) {
        setTimeout(ask, 1500);
      }
    };
    setTimeout(ask, 700);
  }

  /* What was saved needs no copy in this device any more; nobody's text stays behind who leaves. */
  const saved = document.querySelector("[data-saved]");
  if (saved) safely(() => keys().filter((name) => name.startsWith(`${PREFIX}${saved.dataset.item}:`)).forEach((name) => localStorage.removeItem(name)));
  const leaving = document.querySelector("form.leave");
  if (leaving) leaving.addEventListener("submit", () => safely(() => keys().forEach((name) => localStorage.removeItem(name))));

  /* The letter of a reason, ready to be changed; what somebody wrote themselves stays. */
  const letter = document.getElementById("note");
  let ready = "";
  for (const choice of document.querySelectorAll("input[name=reason]")) {
    choice.addEventListener("change", () => {
      if (letter.value !== ready) return;
      letter.value = ready = choice.dataset.letter || "";
    });
  }

  const form = document.getElementById("edit");
  if (!form) return;
  const live = document.getElementById("live");
  const says = document.getElementById("live-says");
  const kept = document.getElementById("kept");
  const key = `${PREFIX}${form.dataset.item}:${form.dataset.digest}`;
  const fields = () => [...form.elements].filter((it) => it.name && !["csrf_token", "digest", "what"].includes(it.name) && it.type !== "hidden");
  const values = () => Object.fromEntries(fields().map((it) => [it.name, it.value]));
  const first = JSON.stringify(values());
  let dirty = "unsaved" in form.dataset;
  let timer = 0;
  let asked = 0;

  /* The page beside the text, while one writes. */
  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(form.dataset.look, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (mine !== asked) return;
    const told = answer ? await answer.json().catch(() => null) : null;
    if (told && told.src) {
      live.src = told.src;
      says.textContent = says.dataset.waiting;
    } else {
      says.textContent = told && told.why ? told.why : says.dataset.silent;
    }
  };
  const changed = () => {
    dirty = JSON.stringify(values()) !== first || "unsaved" in form.dataset;
    safely(() => (dirty ? localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: values() })) : localStorage.removeItem(key)));
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  };
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.value === "look") {
      event.preventDefault();
      look();
      live.scrollIntoView({ block: "nearest" });
    } else {
      dirty = false;
    }
  });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

  /* What was not saved is told, and offered back. */
  const old = safely(() => JSON.parse(localStorage.getItem(key) || "null"));
  if (old && old.values && JSON.stringify(old.values) !== first && Date.now() - old.at < 7 * 864e5) {
    kept.hidden = false;
    kept.querySelector("[data-kept=back]").addEventListener("click", () => {
      for (const it of fields()) if (typeof old.values[it.name] === "string") it.value = old.values[it.name];
      kept.hidden = true;
      changed();
    });
    kept.querySelector("[data-kept=forget]").addEventListener("click", () => {
      safely(() => localStorage.removeItem(key));
      kept.hidden = true;
    });
  }
  safely(() => keys().forEach((name) => {
    const one = JSON.parse(localStorage.getItem(name) || "null");
    if (!one || Date.now() - one.at > 7 * 864e5) localStorage.removeItem(name);
  }));
})();
