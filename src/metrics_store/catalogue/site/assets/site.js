"use strict";

(() => {
  const home = document.body.dataset.root;
  const MOST = 12;

  const theme = document.getElementById("theme");
  theme.addEventListener("click", () => {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("metrics-docs-theme", root.dataset.theme);
    } catch {
      // It holds for this page, then.
    }
  });

  // Search: every word must be somewhere; a name counts more than a description.
  const input = document.getElementById("search");
  const list = document.getElementById("found");
  const count = document.getElementById("found-count");
  const things = (window.catalogueIndex || []).map((thing) => ({
    kind: thing[0],
    name: thing[1],
    label: thing[2],
    description: thing[3],
    address: thing[4],
    note: thing[5],
    low: thing.slice(1, 4).map((text) => text.toLowerCase()),
    synonyms: (thing[6] || []).map((text) => text.toLowerCase()),
  }));
  let chosen = -1;

  const score = (thing, words) => {
    const whole = words.join(" ");
    const names = [thing.low[0].replaceAll("_", " "), thing.low[1], ...thing.synonyms];
    let sum = names.includes(whole) ? 200 : 0;
    for (const word of words) {
      const [name, label, description] = thing.low;
      const bare = word.replaceAll(" ", "_");
      if (name === bare || label === word) sum += 100;
      else if (name.startsWith(bare) || label.startsWith(word)) sum += 40;
      else if (name.includes(`_${bare}`) || label.includes(` ${word}`)) sum += 25;
      else if (name.includes(bare) || label.includes(word)) sum += 12;
      else if (thing.synonyms.some((text) => text.includes(word))) sum += 10;
      else if (description.includes(word)) sum += 3;
      else return 0;
    }
    return sum + (thing.kind === "metric" ? 2 : 0) - (thing.note ? 1 : 0) - thing.name.length / 100;
  };

  const choose = (next) => {
    const options = list.children;
    if (chosen >= 0 && options[chosen]) options[chosen].setAttribute("aria-selected", "false");
    chosen = next;
    if (chosen >= 0 && options[chosen]) {
      options[chosen].setAttribute("aria-selected", "true");
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const option = (thing, number) => {
    const item = document.createElement("li");
    item.id = `found-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const link = document.createElement("a");
    link.href = home + thing.address;
    link.tabIndex = -1;
    const add = (tag, name, text) => {
      if (!text) return;
      const element = document.createElement(tag);
      element.className = name;
      element.textContent = text;
      link.append(element);
    };
    add("strong", "", thing.label || thing.name);
    add("span", "kind", thing.note ? `${thing.kind}, ${thing.note}` : thing.kind);
    add("code", "", thing.label ? thing.name : "");
    add("span", "says", thing.description);
    item.append(link);
    return item;
  };

  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      list.replaceChildren();
      count.textContent = "";
      close();
      return;
    }
    const found = things
      .map((thing) => [score(thing, words), thing])
      .filter((pair) => pair[0] > 0)
      .sort((one, other) => other[0] - one[0] || (one[1].name < other[1].name ? -1 : 1));
    list.replaceChildren(...found.slice(0, MOST).map((pair, number) => option(pair[1], number)));
    if (!found.length) {
      const nothing = document.createElement("li");
      nothing.className = "nothing";
      nothing.textContent = "Nothing has all of these words.";
      list.append(nothing);
    }
    count.textContent = `${found.length} found`;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(found.length ? 0 : -1);
  };

  input.addEventListener("input", search);
  input.addEventListener("focus", () => {
    if (input.value) search();
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const link = list.children[Math.max(chosen, 0)]?.querySelector("a");
    if (!list.hidden && link) location.assign(link.href);
  });
  input.addEventListener("keydown", (event) => {
    const last = list.querySelectorAll("[role=option]").length - 1;
    if (event.key === "Escape" && !list.hidden) {
      // The words stay, for a second thought; pressed again, the browser takes them away.
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0) {
      event.preventDefault();
      if (list.hidden) search();
      else if (event.key === "ArrowDown") choose(chosen >= last ? 0 : chosen + 1);
      else choose(chosen <= 0 ? last : chosen - 1);
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.addEventListener("click", (event) => {
    if (!input.form.contains(event.target)) close();
  });

  // What a link leads to may lie in something that is folded.
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target?.closest("details");
    if (folded) folded.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  const filters = document.querySelector("form.filters");
  filters?.addEventListener("change", () => {
    const wanted = new FormData(filters);
    for (const section of document.querySelectorAll("section.list")) {
      let left = 0;
      for (const row of section.querySelectorAll("li.row")) {
        row.hidden = [...wanted].some(([name, value]) => value && row.dataset[name] !== value);
        if (!row.hidden) left += 1;
      }
      section.hidden = !left;
    }
  });
})();
