// Search: asks Pagefind's index, which is fetched at the first word. No answer is ever read as HTML.
const form = document.querySelector("form.search");
const say = form.querySelector("[role=status]");
const list = form.querySelector(".found");
const { index, none, one, many, broken, more } = form.dataset;
const PAGE = 10;
let pagefind;
let asked = 0;

function words(html) {
  const read = new DOMParser().parseFromString(html, "text/html").body.childNodes;
  return [...read].map((node) => {
    if (node.nodeName !== "MARK") return node.textContent;
    const mark = document.createElement("mark");
    mark.textContent = node.textContent;
    return mark;
  });
}

function line(found) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const excerpt = document.createElement("small");
  link.href = found.url;
  link.textContent = found.meta.title;
  excerpt.append(...words(found.excerpt));
  if (!/[.!?…]\s*$/.test(excerpt.textContent)) excerpt.append("…");
  item.append(link, excerpt);
  return item;
}

async function show(results, from, mine) {
  const read = await Promise.all(results.slice(from, from + PAGE).map((result) => result.data()));
  if (mine !== asked) return;
  list.append(...read.map(line));
  form.querySelector(".more")?.remove();
  if (from + PAGE >= results.length) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "more";
  button.textContent = more;
  const next = () => show(results, from + PAGE, mine).catch(() => { say.textContent = broken; });
  button.addEventListener("click", next, { once: true });
  form.append(button);
}

async function find() {
  const mine = ++asked;
  const query = form.q.value.trim();
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  try {
    if (query && !pagefind) {
      pagefind = await import(new URL(index, document.baseURI).href);  // of the page, not of this file
      await pagefind.options({ excerptLength: 24 });
    }
    const results = query ? (await pagefind.search(query)).results : [];
    if (mine !== asked) return;
    list.replaceChildren();
    form.querySelector(".more")?.remove();
    say.textContent = !query ? "" : results.length === 0 ? none : results.length === 1 ? one : many.replace("{n}", results.length);
    await show(results, 0, mine);
  } catch {
    say.textContent = broken;
  }
}

let waiting;
form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
form.q.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 250); });
form.q.value = new URLSearchParams(location.search).get("q") ?? "";
if (form.q.value) find();
