"use strict";
// The list of metrics, cut by the server to what the reader's token may see; nothing of it is kept
// but the token, for this tab. All texts are set as text.
(() => {
  document.documentElement.classList.add("script");
  const by = (id) => document.getElementById(id);
  const needsToken = document.body.dataset.needsToken === "yes";
  const kept = "metrics-token";

  for (const code of document.querySelectorAll("pre.code"))
    code.textContent = code.textContent
      .replaceAll("ORIGIN", location.origin)
      .replaceAll("HOST", location.hostname);

  for (const button of document.querySelectorAll(".copy"))
    button.addEventListener("click", async () => {
      const code = by(button.dataset.copies);
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code);
        return;
      }
      const words = button.firstChild;
      words.data = "Copied";
      setTimeout(() => { words.data = "Copy"; }, 2000);
    });

  const element = (tag, text, kind) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  const entry = (metric) => {
    const made = element("a", "", "entry");
    made.href = metric.address;
    const what = element("span", "", "what");
    what.append(element("strong", metric.label), " ", element("code", metric.name));
    if (metric.unit) what.append(" ", element("span", metric.unit, "quiet"));
    made.append(what, element("span", metric.description, "says"));
    const row = element("li", "", "row");
    row.dataset.words = `${metric.name} ${metric.label} ${metric.description}`.toLowerCase();
    row.append(made);
    return row;
  };

  const show = (seen) => {
    const built = new Date(seen.built_at);
    by("fresh").textContent = Number.isNaN(built.getTime()) ? "" :
      `Built ${built.toISOString().slice(0, 16).replace("T", " ")} UTC.` +
      (seen.problem ? ` A newer build cannot be used: ${seen.problem}` : "");
    const subjects = by("subjects");
    subjects.replaceChildren();
    let count = 0;
    for (const { subject, metrics } of seen.subjects) {
      const section = document.createElement("section");
      const rows = element("ul", "", "rows");
      rows.append(...metrics.map(entry));
      count += metrics.length;
      section.append(element("h3", subject), rows);
      subjects.append(section);
    }
    by("count").textContent = `${count}`;
    by("metrics").hidden = false;
    by("catalogue").hidden = false;
    const first = seen.subjects[0]?.metrics[0]?.name;
    if (first)
      for (const code of document.querySelectorAll("pre.code"))
        code.textContent = code.textContent.replaceAll("METRIC", first);
    search();
  };

  const search = () => {
    const words = by("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const section of by("subjects").children) {
      let here = 0;
      for (const row of section.querySelectorAll(".row")) {
        row.hidden = !words.every((word) => row.dataset.words.includes(word));
        here += row.hidden ? 0 : 1;
      }
      section.hidden = here === 0;
      left += here;
    }
    by("nothing").hidden = left > 0;
  };

  const tell = (text) => {
    by("problem").textContent = text;
    by("problem").hidden = !text;
  };

  const load = async () => {
    const token = sessionStorage.getItem(kept);
    by("token-form").hidden = !needsToken || Boolean(token);
    if (needsToken && !token) return;
    tell("");
    let response;
    try {
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      response = await fetch("/web/metrics", { headers, cache: "no-store" });
      // Links into the catalogue carry no header.
      if (response.ok && token) await fetch("/web/session", { method: "POST", headers });
    } catch {
      tell("The server cannot be reached. Load the page again when it runs.");
      return;
    }
    const given = await response.json().catch(() => ({}));
    if (response.ok) {
      show(given);
      return;
    }
    if (response.status === 401) {
      sessionStorage.removeItem(kept);
      by("token-form").hidden = !needsToken;
    }
    tell([given.what ?? "Something went wrong.", given.remedy].filter(Boolean).join("\n"));
  };

  by("words").addEventListener("input", search);
  by("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(kept, by("token").value.trim());
    by("token").value = "";
    load();
  });
  load();
})();
