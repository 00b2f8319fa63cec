"use strict";
// The search. Texts from outside only ever become text nodes.
(() => {
  const words = WORDS;
  const form = document.getElementById("find");
  const input = form.elements.q;
  const found = document.getElementById("found");
  const MOST = { issues: 20, parties: 20, debates: 50, passages: 60 };
  const SIDES = ["favor", "against"];
  const GLYPHS = { favor: "▲", against: "▼" };

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const said = (key, values) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // What is searched lies in a file of its own, which is read when somebody begins to search.
  let entries = null;
  let data = null;
  let begun = false;
  globalThis.standpuntSearch = (read) => {
    data = read;
    const party = (place) => (place < 0 ? "" : read.parties[place][0]);
    entries = {
      issues: read.issues.filter(([, , file]) => file).map((one) => ({ one, text: plain(`${one[0]} ${one[1]}`) })),
      parties: read.parties.map((one) => ({ one, text: plain(one[0]) })),
      debates: read.debates.map((one) => ({ one, text: plain(`${one[0]} ${one[1]}`) })),
      passages: read.passages.map((one) => ({
        one,
        said: plain(one[0]),
        text: plain([one[0], one[2], party(one[3]), read.issues[one[4]]?.[0], read.issues[one[4]]?.[1], read.debates[one[5]][0]].join(" ")),
      })),
    };
    search();
  };
  const begin = () => {
    if (begun) return;
    begun = true;
    document.body.append(element("script", { src: "search.js" }));
  };

  const line = {
    issues: ([title, , file]) => element("li", {}, element("a", { href: file, textContent: title })),
    parties: ([title, file]) => element("li", {}, element("a", { href: file, textContent: title })),
    debates: ([title, date, file]) =>
      element("li", {}, element("span", { className: "count", textContent: date ? `${date} ` : "" }), element("a", { href: file, textContent: title, lang: data.language })),
    passages: ([quote, side, speaker, party, issue, debate, name]) => {
      const [title, date, file] = data.debates[debate];
      const meta = element("p", { className: "meta" },
        element("span", { className: "sign", textContent: `${GLYPHS[SIDES[side]]} ` }),
        `${words[SIDES[side]]} · ${speaker}`);
      if (party >= 0) meta.append(" (", element("a", { href: data.parties[party][1], textContent: data.parties[party][0] }), ")");
      const [proposition, , page] = data.issues[issue] ?? ["", "", ""];
      meta.append(" · ", page ? element("a", { href: page, textContent: proposition }) : proposition, " · ",
        element("a", { href: `${file}#${name}`, textContent: title.length > 72 ? `${title.slice(0, 72).replace(/\s\S*$/, "")} …` : title, lang: data.language }), date ? `, ${date}` : "");
      return element("li", { className: SIDES[side] }, element("blockquote", { textContent: quote, lang: data.language }), meta);
    },
  };
  const HEADS = { issues: "issues_head", parties: "parties", debates: "debates_head", passages: "passages_head" };

  let waiting = 0; // for the next key
  let answered = null; // the words whose results are shown
  const search = () => {
    clearTimeout(waiting);
    const query = plain(input.value).split(/\s+/).filter(Boolean);
    const searching = query.length > 0 && entries !== null;
    document.getElementById("results").hidden = !searching;
    document.getElementById("overview").hidden = searching;
    document.getElementById("parts").hidden = searching;
    if (!searching) {
      answered = null;
      form.elements.count.value = "";
      found.replaceChildren();
      if (query.length === 0) keepInAddress();
      return;
    }
    // Results that are shown already stay: to draw them anew would take a link away from under a mouse that presses it.
    if (query.join(" ") !== answered) answer(query);
    answered = query.join(" ");
    keepInAddress();
    document.documentElement.dataset.searched = input.value;
  };

  const answer = (query) => {
    const parts = [];
    let count = 0;
    let shown = 0;
    for (const [kind, list] of Object.entries(entries)) {
      const hits = list.filter(({ text }) => query.every((word) => text.includes(word)));
      if (kind === "passages") { // those that say it come before those on an issue or in a debate of that name
        const says = new Map(hits.map((hit) => [hit, query.some((word) => hit.said.includes(word))]));
        hits.sort((one, other) => says.get(other) - says.get(one));
      }
      if (!hits.length) continue;
      count += hits.length;
      shown += Math.min(hits.length, MOST[kind]);
      parts.push(element("h3", { textContent: `${words[HEADS[kind]]} (${hits.length})` }),
        element("ul", { className: kind === "passages" ? "passages" : "" }, ...hits.slice(0, MOST[kind]).map(({ one }) => line[kind](one))));
    }
    found.replaceChildren(...parts);
    form.elements.count.value =
      count === 0 ? words.found_nothing : said(count > shown ? "found_more" : "found", { n: count, shown });
  };

  // The address says what is shown, as soon as it is shown: whoever follows a result and comes back finds it again.
  const asked = () => new URLSearchParams(location.hash.slice(1)).get("q");
  const keepInAddress = () => {
    const query = input.value.trim();
    if (query) history.replaceState(null, "", `#q=${encodeURIComponent(query)}`);
    else if (asked() !== null) history.replaceState(null, "", location.pathname);
  };

  input.addEventListener("focus", begin);
  input.addEventListener("input", () => {
    begin();
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const fromAddress = () => {
    if (asked() === null) return;
    input.value = asked();
    begin();
    search();
  };
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
  document.documentElement.dataset.ready = "true";
})();
