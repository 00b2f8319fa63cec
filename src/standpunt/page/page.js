"use strict";
// Filters, search, the map's evidence and deep links. Texts from outside only ever become text nodes.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("filters");
  const panel = document.getElementById("panel");
  const articles = data.turns.map(([ordinal]) => document.getElementById(`t${ordinal}`));
  const SHOWN_MATCHES = 2000;

  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const words = (name) => name.replaceAll("_", " ");
  const said = (key, values = {}) =>
    (values.n === 1 && data.words[`${key}:1`] || data.words[key]).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const holderName = (name) => (name === data.cabinet ? data.words.cabinet : name);

  // ---- Filters
  let texts = null; // lower case, made on the first search
  const textsOf = () =>
    (texts ??= articles.map((article) => article.querySelector(".text").textContent.toLowerCase()));

  const chosen = () => ({
    query: form.elements.q.value.trim().toLowerCase(),
    issue: form.elements.issue.value === "" ? null : Number(form.elements.issue.value),
    who: form.elements.who.value,
    stance: form.elements.stance.value,
    kind: form.elements.kind.value,
  });

  const matches = (turn, index, want) => {
    const [, kind, holder, speaker, stances] = turn;
    if (want.kind && kind !== want.kind) return false;
    if (want.who && Number(want.who.slice(1)) !== (want.who[0] === "p" ? holder : speaker)) return false;
    if (want.issue !== null || want.stance) {
      const fits = ([issue, stance, disputed]) =>
        (want.issue === null || issue === want.issue) &&
        (!want.stance || (want.stance === "disputed" ? disputed : data.stances[stance] === want.stance));
      if (!stances.some(fits)) return false;
    }
    return !want.query || textsOf()[index].includes(want.query);
  };

  const apply = () => {
    const want = chosen();
    let count = 0;
    data.turns.forEach((turn, index) => {
      const shown = matches(turn, index, want);
      articles[index].hidden = !shown;
      count += shown;
    });
    form.elements.count.value =
      count === articles.length ? said("turns", { n: count }) : said("some_turns", { n: count, of: articles.length });
    document.getElementById("nothing").hidden = count > 0;
    dim(want.issue);
    highlight(want.query);
  };

  let dimmed = null;
  const dim = (issue) => {
    if (issue === dimmed) return;
    dimmed = issue;
    for (const marked of document.querySelectorAll("#turns [data-issue]")) {
      marked.classList.toggle("off", issue !== null && !marked.dataset.issue.split(" ").includes(String(issue)));
    }
    colour(document, issue);
  };

  // What is evidence for several stances shows that on the issue chosen, where one is.
  const colour = (within, issue) => {
    for (const mark of within.querySelectorAll("mark[data-stance]")) {
      const stance = mark.dataset.stance.split(" ")[mark.dataset.issue.split(" ").indexOf(String(issue))];
      mark.classList.remove("several", ...data.stances);
      mark.classList.add(stance ?? "several");
    }
  };

  const highlight = (query) => {
    if (!CSS.highlights) return;
    CSS.highlights.delete("search");
    if (!query) return;
    const ranges = [];
    for (const article of articles) {
      if (article.hidden) continue;
      const walker = document.createTreeWalker(article.querySelector(".text"), NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node && ranges.length < SHOWN_MATCHES; node = walker.nextNode()) {
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue; // a letter that changes its length in lower case
        for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + query.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("search", new Highlight(...ranges));
  };

  // ---- The address: #t12 is a turn, #issue=...&who=... a choice of filters
  const names = { p: data.holders, s: data.speakers };
  const toAddress = () => {
    const want = chosen();
    const parts = new URLSearchParams();
    if (want.query) parts.set("q", form.elements.q.value.trim());
    if (want.issue !== null) parts.set("issue", data.issues[want.issue]);
    if (want.who) parts.set(want.who[0] === "p" ? "party" : "speaker", names[want.who[0]][want.who.slice(1)]);
    if (want.stance) parts.set("stance", want.stance);
    if (want.kind) parts.set("kind", want.kind);
    history.replaceState(null, "", `#${parts.toString() || "debate"}`);
  };
  const choose = (values) => {
    for (const name of ["q", "issue", "who", "stance", "kind"]) form.elements[name].value = values[name] ?? "";
    apply();
  };
  const fromAddress = () => {
    let hash = location.hash.slice(1);
    for (const article of document.querySelectorAll(".here")) article.classList.remove("here");
    if (/^t\d+$/.test(hash)) {
      const article = document.getElementById(hash);
      if (!article) return;
      if (article.hidden) choose({});
      article.classList.add("here");
      article.scrollIntoView();
    } else if (hash.includes("=")) {
      const parts = new URLSearchParams(hash);
      const place = (list, name, prefix) => (list.indexOf(name) < 0 ? "" : prefix + list.indexOf(name));
      const who = parts.has("party")
        ? place(data.holders, parts.get("party"), "p")
        : place(data.speakers, parts.get("speaker"), "s");
      choose({
        q: parts.get("q"), issue: place(data.issues, parts.get("issue"), ""), who,
        stance: parts.get("stance"), kind: parts.get("kind"),
      });
      document.getElementById("debate").scrollIntoView();
    }
  };
  const show = (values) => {
    choose(values);
    toAddress();
    document.getElementById("debate").scrollIntoView();
    form.elements.q.focus({ preventScroll: true });
  };

  let waiting = 0;
  form.addEventListener("input", (event) => {
    if (event.target.name === "args") {
      document.body.classList.toggle("args", event.target.checked);
      return;
    }
    clearTimeout(waiting);
    waiting = setTimeout(() => { apply(); toAddress(); }, event.target.name === "q" ? 150 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    choose({});
    toAddress();
  });
  window.addEventListener("hashchange", fromAddress);

  // ---- The map: what a cell rests on
  const quote = (ordinal, issue) => {
    const marks = document.querySelectorAll(`#t${ordinal} mark[data-issue~="${issue}"]`);
    let text = "";
    let last = null;
    for (const mark of marks) {
      text += last && last.nextSibling !== mark ? ` … ${mark.textContent}` : mark.textContent;
      last = mark;
    }
    return text;
  };
  const open = (cell) => {
    for (const other of document.querySelectorAll('.cell[aria-pressed="true"]')) other.removeAttribute("aria-pressed");
    cell.setAttribute("aria-pressed", "true");
    const by = cell.closest("[data-map]").dataset.map;
    const issue = Number(cell.dataset.issue);
    const number = Number(cell.dataset.holder);
    const position = cell.getAttribute("aria-label").split(": ").slice(1).join(": ");
    const trust = cell.closest("tr").querySelector(".trust");
    const items = [];
    for (const [ordinal, kind, party, speaker, stances] of data.turns) {
      if ((by === "party" ? party : speaker) !== number) continue;
      const found = stances.find(([other]) => other === issue);
      if (!found) continue;
      const stance = data.stances[found[1]];
      const head = element("div", { className: "meta" },
        element("a", { href: `#t${ordinal}`, textContent: said("turn", { n: ordinal }) }),
        `, ${data.speakers[speaker]}, ${said(kind)}: ${said(stance)}`);
      if (found[2]) head.append(" ", element("span", { className: "dispute", textContent: "≠", title: said("disputed") }));
      const text = quote(ordinal, issue);
      const evidence = element("blockquote", { lang: document.getElementById("turns").lang, textContent: text });
      items.push(element("li", {}, head, ...(text ? [evidence] : [])));
    }
    const button = element("button", { type: "button", className: "plain", textContent: said("show_turns") });
    button.addEventListener("click", () => show({ issue, who: (by === "party" ? "p" : "s") + number }));
    panel.replaceChildren(
      element("h3", { textContent: `${by === "party" ? holderName(data.holders[number]) : data.speakers[number]}: ${words(data.issues[issue])}` }),
      element("p", { className: "meta", textContent: position }),
      ...(trust ? [element("p", { className: "meta" }, trust.cloneNode(true), ` ${trust.title}`)] : []),
      element("ol", {}, ...items),
      button,
    );
    if (panel.getBoundingClientRect().bottom > innerHeight) panel.scrollIntoView({ block: "nearest" });
  };

  const nearest = (svg, x) => {
    const box = svg.getBoundingClientRect();
    const at = ((x - box.left) / box.width) * data.turns.length + 0.5;
    const issue = Number(svg.dataset.issue);
    const on = data.turns.filter(([, , , , stances]) => stances.some(([other]) => other === issue));
    return on.reduce((best, turn) => (Math.abs(turn[0] - at) < Math.abs(best[0] - at) ? turn : best))[0];
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a, button, svg[data-issue]");
    if (!target) return;
    if (target.matches(".cell")) {
      open(target);
      if (event.detail === 0) panel.focus(); // by the keyboard
    }
    else if (target.matches(".switch button")) switchMap(target.dataset.by);
    else if (target.dataset.download) download[target.dataset.download]();
    else if (target.matches(".issue")) show({ issue: target.dataset.issue });
    else if (target.matches(".chip")) point(target);
    else if (target.matches("svg[data-issue]")) location.hash = `t${nearest(target, event.clientX)}`;
  });

  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector('.cell[aria-pressed="true"]')?.focus();
  });

  // One stop for the tab key a course; arrows go on from there.
  for (const course of document.querySelectorAll(".course svg")) {
    const ticks = [...course.querySelectorAll("a")];
    ticks.forEach((tick, place) => tick.setAttribute("tabindex", place ? -1 : 0));
    course.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const from = ticks.indexOf(document.activeElement);
      const to = ticks[from + step];
      if (!to) return;
      event.preventDefault();
      ticks[from].setAttribute("tabindex", -1);
      to.setAttribute("tabindex", 0);
      to.focus();
    });
  }

  const switchMap = (by) => {
    for (const map of document.querySelectorAll("[data-map]")) map.hidden = map.dataset.map !== by;
    for (const button of document.querySelectorAll(".switch button")) {
      button.setAttribute("aria-pressed", String(button.dataset.by === by));
    }
  };

  // ---- The map as a file, made here: what is drawn is what the page shows
  const shownMap = () => document.querySelector("[data-map]:not([hidden])");
  const save = (blob, suffix) => {
    const address = URL.createObjectURL(blob);
    element("a", { href: address, download: `${document.title.split(" · ")[0].replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}-${shownMap().dataset.map}.${suffix}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  const wrapped = (pen, text, width) => {
    const lines = [];
    for (const word of text.trim().split(/\s+/)) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };
  const SIGNS = { favor: "▲", against: "▼", mixed: "◆", hatch: "▨" };
  const sign = (mark) =>
    mark?.classList.contains("single") ? "△" : SIGNS[Object.keys(SIGNS).find((name) => mark?.classList.contains(name))] ?? "";
  const picture = () => {
    const map = shownMap();
    const style = getComputedStyle(document.body);
    const ink = style.color;
    const soft = getComputedStyle(document.querySelector(".meta")).color;
    const heads = [...map.querySelectorAll("thead th")];
    const [first, step, row, gap] = [430, 46, 54, 16];
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    const font = (size, weight = "") => { pen.font = `${weight} ${size}px ${style.fontFamily}`; };
    font(13);
    const top = gap + 34 + Math.max(...heads.map((head) => pen.measureText(head.textContent).width));
    const rows = [...map.querySelectorAll("tbody tr")];
    const notes = [...document.querySelectorAll(".machine p")].map((note) => note.textContent);
    const legend = [...document.querySelectorAll(".legend li:not(.wide)")]
      .map((item) => `${sign(item.firstElementChild)} ${item.textContent.trim()}`.trim());
    const width = first + heads.length * step + 2 * gap;
    const foot = [legend.join("   "), ...notes].flatMap((text) => (font(12), wrapped(pen, text, width - 2 * gap)));
    const height = top + rows.length * row + 2 * gap + foot.length * 16;
    const scale = 2;
    [canvas.width, canvas.height] = [width * scale, height * scale];
    pen.scale(scale, scale);
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = ink;
    font(15, "600");
    pen.fillText(document.querySelector("h1").textContent.slice(0, 110), gap, gap + 12);
    font(13);
    heads.forEach((head, x) => {
      pen.save();
      pen.translate(gap + first + (x + 0.6) * step, top - 8);
      pen.rotate(-Math.PI / 2);
      pen.fillText(head.textContent, 0, 0);
      pen.restore();
    });
    rows.forEach((line, y) => {
      const from = top + y * row;
      pen.fillStyle = ink;
      font(13);
      const titles = wrapped(pen, line.querySelector(".issue").textContent, first - 12).slice(0, 2);
      titles.forEach((text, place) => pen.fillText(text, gap, from + 15 + place * 15));
      font(11);
      pen.fillStyle = soft;
      pen.fillText(line.querySelector(".about").textContent.replace(/\s+/g, " ").trim(), gap, from + 19 + titles.length * 15);
      pen.strokeStyle = soft;
      pen.lineWidth = 0.4;
      pen.strokeRect(gap, from, width - 2 * gap, row);
      [...line.querySelectorAll("td")].forEach((cell, x) => {
        const left = gap + first + x * step;
        pen.strokeRect(left, from, step, row);
        const drawn = cell.querySelector("svg");
        if (!drawn) {
          for (let at = 6; at < step + row; at += 8) {
            pen.save();
            pen.beginPath();
            pen.rect(left, from, step, row);
            pen.clip();
            pen.beginPath();
            pen.moveTo(left + at, from);
            pen.lineTo(left + at - row, from + row);
            pen.stroke();
            pen.restore();
          }
          return;
        }
        pen.save();
        pen.translate(left + 1, from + 8);
        for (const shape of drawn.querySelectorAll("path, circle")) {
          const look = getComputedStyle(shape);
          pen.save();
          const moved = shape.transform.baseVal.consolidate()?.matrix;
          if (moved) pen.transform(moved.a, moved.b, moved.c, moved.d, moved.e, moved.f);
          const path = new Path2D(shape.getAttribute("d") ?? undefined);
          if (shape.tagName === "circle") path.arc(shape.cx.baseVal.value, shape.cy.baseVal.value, shape.r.baseVal.value, 0, 7);
          if (look.fill !== "none") { pen.fillStyle = look.fill; pen.fill(path); }
          if (look.stroke !== "none") {
            [pen.strokeStyle, pen.lineWidth] = [look.stroke, parseFloat(look.strokeWidth)];
            pen.stroke(path);
          }
          pen.restore();
        }
        pen.restore();
        font(13, "700");
        for (const [mark, place] of [[".doubt", 3], [".dispute", step - 13]]) {
          const sign = cell.querySelector(mark);
          if (!sign) continue;
          pen.fillStyle = getComputedStyle(sign).color;
          pen.fillText(sign.textContent, left + place, from + 14);
        }
      });
    });
    font(12);
    pen.fillStyle = soft;
    foot.forEach((text, place) => pen.fillText(text, gap, top + rows.length * row + gap + 12 + place * 16));
    return canvas;
  };
  const download = {
    csv: () => save(new Blob([data.csv[shownMap().dataset.map]], { type: "text/csv;charset=utf-8" }), "csv"),
    png: () => picture().toBlob((blob) => save(blob, "png"), "image/png"),
  };

  // A chip points to its evidence in the text.
  const point = (chip) => {
    const was = chip.getAttribute("aria-pressed") === "true";
    const article = chip.closest("article");
    for (const other of article.querySelectorAll(".chip")) other.setAttribute("aria-pressed", "false");
    for (const mark of article.querySelectorAll("mark.on")) mark.classList.remove("on");
    colour(article, was ? dimmed : chip.dataset.issue);
    if (was) return;
    chip.setAttribute("aria-pressed", "true");
    const marks = article.querySelectorAll(`mark[data-issue~="${chip.dataset.issue}"]`);
    for (const mark of marks) mark.classList.add("on");
    marks[0]?.scrollIntoView({ block: "nearest" });
  };

  switchMap("party");
  apply(); // a browser may have kept the choices of before
  fromAddress();
  document.documentElement.dataset.ready = "true";
})();
