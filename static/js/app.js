/* What the pages gain when scripts run. Every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  const word = (name) => document.body.dataset["t" + name] || "";
  const say = (text) => {
    const place = document.querySelector("dialog[open] [role=status]") || document.getElementById("announce");
    if (place) place.textContent = text;
  };
  root.classList.add("js");

  /* Waiting: a thin bar after 300 ms, and aria-busy on the part that waits. */
  const find = document.getElementById("find");
  let timer;
  const bar = (on) => {
    clearTimeout(timer);
    const place = document.getElementById("waiting");
    if (!place) return;
    if (on) timer = setTimeout(() => {
      place.hidden = false;
      if (find?.open) say(word("Looking"));
    }, 300);
    else place.hidden = true;
  };

  /* Focus never falls to <body>: the error summary, else what had it, else the heading or the part itself. */
  const land = (part) => {
    const trouble = part.querySelector("[data-error-summary]");
    if (!trouble && document.activeElement !== document.body && document.activeElement) return;
    const place = trouble || part.querySelector("h1") || (part === document.body ? document.getElementById("main") : part);
    place.focus({ preventScroll: place === part });
  };
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    bar(true);
    detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    bar(false);
    detail.requestConfig.target.removeAttribute("aria-busy"); // detail.target may be another by now (HX-Retarget)
    release(detail.elt);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const part = detail.elt.isConnected ? detail.elt : document.body;
    const words = [...part.querySelectorAll("[data-announce]")].map((one) => one.textContent.trim().replace(/\.$/, ""));
    say([...detail.page ? [document.title.trim()] : [], ...words].join(". "));
    if (find?.contains(part)) choose(options()[0]);
    if (!detail.requestConfig?.aside) land(part);
    else if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  });
  /* What a page asks by itself keeps nobody signed in. Empty fields stay out of the address. */
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.triggeringEvent) detail.headers["X-Poll"] = "1";
    if (detail.verb !== "get") return;
    for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
  });

  /*
   * A part goes to its place, whatever its status. A whole page (403, 404, a failure of the main record) never goes
   * into a part. After a read it takes the place of <main> where the server says so (HX-Retarget); otherwise the
   * browser opens that address itself. After a write the form stays with what was typed, and the page's own words are
   * shown above it.
   */
  const note = (part, words, kind = "problem") => {
    const box = document.createElement("div");
    box.className = kind;
    box.dataset.errorSummary = "";
    const line = document.createElement("p");
    line.append(...[words].flat());
    box.append(line);
    part.querySelectorAll(":scope > [data-error-summary]").forEach((old) => old.remove());
    part.prepend(box);
    if (kind === "problem") {
      box.tabIndex = -1;
      box.setAttribute("role", "alert");
      box.focus();
    } else say(words);
  };
  /* What a page asks by itself, such as whether something is ready yet, or while somebody types in the palette, takes
   * nobody's focus and no page away. */
  const byItself = ({ verb, triggeringEvent, target }) => verb === "get" && (!triggeringEvent || find?.contains(target)) && target !== document.body;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { xhr, requestConfig } = detail;
    const { verb, target } = requestConfig;
    requestConfig.aside = byItself(requestConfig) && !target.contains(document.activeElement);
    if (find?.contains(target) && (requestConfig.parameters.q || "") !== typed.value) {
      detail.shouldSwap = false; // it answers what was typed before
      return;
    }
    if (target === document.body || !/^\s*<!doctype/i.test(xhr.response)) return;
    if (byItself(requestConfig)) {
      detail.shouldSwap = false;
      note(target, word("Unread"), "note");
      return;
    }
    if (verb === "get") {
      if (detail.target !== target) return;
      detail.shouldSwap = false;
      location.assign(xhr.responseURL);
      return;
    }
    detail.shouldSwap = false;
    const page = new DOMParser().parseFromString(xhr.response, "text/html");
    const said = [...page.querySelectorAll("main h1, main h1 ~ p:not(.actions)")].slice(0, 2);
    note(target, [...said.flatMap((one, i) => [...one.childNodes, i ? " " : ". "]), word("Kept")]);
  });

  /*
   * Signing in again, over the page. Where the session has ended, or the token of a form has gone stale, the server has
   * done nothing and says where to go on: 401 or 403 with HX-Redirect, which htmx by itself would follow. Here that
   * page is fetched instead. While it is a step of signing in, the dialog shows its form; once it is not, this page
   * takes over its token. A read is then made again. A write is not: whoever has just typed a password has not said
   * that they still want it, so they are back at the form and save. Another person gets the page anew.
   */
  const dialog = document.getElementById("again");
  let refused;
  let leaving = false;
  const leave = (url) => {
    leaving = true;
    location.assign(url);
  };
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, target, requestConfig: { verb, elt, triggeringEvent } } = event.detail;
    const url = [401, 403].includes(xhr.status) && xhr.getResponseHeader("HX-Redirect");
    if (!url || !dialog) return;
    event.preventDefault();
    // What a page asks by itself, such as whether something is ready yet, disturbs nobody.
    if (refused || (verb === "get" && !triggeringEvent)) return;
    refused = { write: verb !== "get", target, elt, event: triggeringEvent };
    const elsewhere = dialog.querySelector("[data-elsewhere]");
    elsewhere.href = url;
    // Without a draft at the other end, what was typed is in this page only.
    elsewhere.hidden = refused.write && !/draft(=|%3D)/.test(url);
    dialog.querySelector("[data-for=post]").hidden = !refused.write;
    step(fetch(url));
  });
  const step = async (asked) => {
    bar(true);
    let answer, page;
    try {
      answer = await asked;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      if (dialog.open) {
        const form = dialog.querySelector("[data-sign-in]");
        release(form);
        note(form, word("Unread"));
      } else {
        note(refused.target, word("Unread"));
        refused = undefined;
      }
      return;
    } finally {
      bar(false);
    }
    const form = page.querySelector("form[data-sign-in]");
    const { person } = page.body.dataset;
    const token = page.querySelector("[name=csrfmiddlewaretoken]");
    if (form) show(form);
    else if (!person || !token) leave(answer.url);
    else if (person !== document.body.dataset.person) leave(location.pathname + location.search);
    else renew(token.value);
  };
  const show = (form) => {
    form.querySelectorAll("h1").forEach((one) => one.remove());
    dialog.querySelector("[data-place]").replaceChildren(document.adoptNode(form));
    if (form.elements.login && !form.elements.login.value) form.elements.login.value = document.body.dataset.person;
    if (!dialog.open) dialog.showModal();
    const empty = [...form.elements].find((one) => one.matches("input:not([type=hidden])") && !one.value);
    (form.querySelector("[data-error-summary]") || empty || form.querySelector("button")).focus();
  };
  const renew = (token) => {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => { one.value = token; });
    const { write, target, elt, event } = refused;
    refused = undefined;
    if (dialog.open) dialog.close();
    if (write) note(target, word("SignedIn"), "note");
    else if (elt.isConnected) htmx.trigger(elt, event.type);
  };
  dialog?.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    step(fetch(form.action, { method: "POST", body: new FormData(form) }));
  });
  dialog?.addEventListener("click", (event) => {
    if (event.target.closest("[data-elsewhere]")) leaving = true;
  });
  dialog?.addEventListener("close", () => {
    dialog.querySelector("[data-place]").replaceChildren();
    if (refused?.write) note(refused.target, word("Ended"), "note");
    refused = undefined;
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, ({ detail }) => {
      const { requestConfig } = detail;
      note(detail.target, word(requestConfig.verb === "get" ? "Unread" : "Lost"), byItself(requestConfig) ? "note" : "problem");
    });
  }

  /*
   * Whether Flowtly is away: asked now and then, and said in its place. While it is, forms over its records keep what was
   * typed: who saves one has it asked at once, and if it is back the form goes. Where that cannot be told, the server decides.
   */
  const gone = () => document.querySelector("#away [data-away]");
  const look = async (event) => {
    const place = document.getElementById("away");
    if (!place || document.hidden) return;
    const answer = await fetch(place.dataset.look, { redirect: "error", headers: { "X-Poll": "1" } }).catch(() => ({}));
    if ((answer.status === 204 || !answer.ok) && event?.type !== "submit") return; // 204: signed out meanwhile
    const html = answer.ok ? await answer.text() : "";
    const before = gone();
    if (!place.contains(document.activeElement)) place.innerHTML = html;
    if (!before !== !gone()) say(place.textContent.trim());
    if (!gone()) document.querySelectorAll("[data-held]").forEach((button) => { button.disabled = false; });
  };
  setInterval(look, 20000);
  addEventListener("focus", look);
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.xhr.status > 501) look(); });
  const tryAgain = async (event) => {
    const { target, submitter } = event;
    event.preventDefault();
    event.stopImmediatePropagation();
    await look(event);
    if (gone()) say(gone().textContent);
    else target.requestSubmit(submitter);
  };

  /* One submit at a time. The server sees to it that nothing acts twice; this only spares the wait. */
  const release = (form) => {
    if (!form.dataset || !form.dataset.sent) return;
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    forget(); // what was asked ahead is of before
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (gone() && "flowtly" in form.dataset) {
      tryAgain(event);
      return;
    }
    if (form.hasAttribute("data-theme-form")) {
      event.preventDefault();
      theme(form, event.submitter);
      return;
    }
    form.dataset.sent = "1";
    form.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-disabled", "true"));
    bar(true);
    setTimeout(release, 30000, form);
  }, true);
  addEventListener("pageshow", () => {
    arrived();
    document.querySelectorAll("form[data-sent]").forEach(release);
  });

  /* Theme, without loading the page again. */
  const theme = (form, button) => {
    const body = new FormData(form, button);
    if (button.value === "auto") delete root.dataset.theme;
    else root.dataset.theme = button.value;
    form.querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    fetch(form.action, { method: "POST", body, redirect: "manual" });
  };

  /* Unsaved changes: marked at the field, asked about before leaving. */
  const differs = (input) => {
    if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
    if (input.options) return [...input.options].some((one) => one.selected !== one.defaultSelected) && input.selectedIndex !== [...input.options].findIndex((one) => one.defaultSelected);
    return !["hidden", "search"].includes(input.type) && input.value !== input.defaultValue;
  };
  document.addEventListener("input", ({ target }) => {
    const field = target.closest("[data-unsaved-guard] .field");
    if (!field) return;
    const changed = [...field.querySelectorAll("input, select, textarea")].some(differs);
    field.classList.toggle("changed", changed);
    field.querySelectorAll("label, legend").forEach((label) => { label.dataset.changed = word("Changed"); });
  });
  const unsaved = () => [...document.querySelectorAll("form[data-unsaved-guard]:not([data-sent])")]
    .some((form) => form.hasAttribute("data-redrawn") || [...form.elements].some((one) => one.name && differs(one)));
  addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved()) event.preventDefault();
  });

  /*
   * Rows and the menu, without loading the frame, scripts and styles again: the page is fetched as ever and takes the
   * place of this one. Only within one organization; whatever is no plain page (a redirect, an error, another person,
   * scripts or styles of another version) the browser opens itself, and so it does where something typed is not saved
   * or under way.
   */
  const LINKS = "#menu a[href], .table tbody th a[href]";
  const within = (where) => /^\/(?:o\/[^/]+\/)?/.exec(where.pathname)[0];
  const address = (where) => where.pathname + where.search;
  const swaps = (link) => link.origin === location.origin && !link.target && !link.hash && !link.relList.contains("external")
    && within(link) === within(location) && address(link) !== address(location);
  const parts = [".edge", ".top", "#menu", "#main"];
  const wears = (page) => [...page.querySelectorAll("head script[src], head link[rel=stylesheet]")].map((one) => one.outerHTML).join();
  const fits = (page) => page.body.dataset.person === document.body.dataset.person && wears(page) === wears(document)
    && parts.every((part) => page.querySelector(part) && document.querySelector(part));
  const fetched = async (url, signal, headers = {}) => {
    const answer = await fetch(url, { redirect: "manual", headers, signal });
    if (answer.status !== 200 || !/^text\/html/.test(answer.headers.get("Content-Type"))) throw answer;
    return { id: answer.headers.get("X-Request-Id"), page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  };

  /* The page of a row on which pointer or focus rests is asked for ahead of the click. It is kept here, for one use
   * within ten seconds. The server writes nothing down for it: that it was opened it is told then. */
  let ahead;
  let resting;
  const forget = () => {
    clearTimeout(resting);
    ahead?.stop.abort();
    ahead = undefined;
  };
  const fresh = (url) => ahead?.url === url && performance.now() - ahead.at < 10000;
  const intend = ({ target, type }) => {
    clearTimeout(resting);
    const link = target.closest?.(".table tbody tr")?.querySelector("th a[href]");
    if (!link || !swaps(link) || within(link) === "/" || navigator.connection?.saveData) return;
    resting = setTimeout((url) => {
      if (fresh(url)) return;
      forget();
      const stop = new AbortController();
      ahead = { url, at: performance.now(), stop, answer: fetched(url, stop.signal, { "X-Ahead": "1" }) };
      ahead.answer.catch(() => {});
    }, type === "touchstart" ? 0 : 65, link.href);
  };
  for (const name of ["mouseover", "focusin", "touchstart"]) document.addEventListener(name, intend, { passive: true });

  let shown = address(location);
  let visiting;
  let moved;
  const keepPlace = () => {
    clearTimeout(moved);
    history.replaceState({ ...history.state, y: scrollY }, "");
  };
  const visit = async (url, back) => {
    if (visiting?.url === url) return;
    const asked = !back && fresh(url) ? ahead : undefined;
    if (asked) ahead = undefined;
    forget();
    cancel();
    const mine = visiting = { url, stop: new AbortController() };
    bar(true);
    document.getElementById("main").setAttribute("aria-busy", "true");
    const found = await (asked?.answer || fetched(url, mine.stop.signal)).catch(() => undefined);
    if (visiting !== mine) return;
    visiting = undefined;
    if (!found || !fits(found.page)) {
      if (back) location.reload();
      else location.assign(url);
      return;
    }
    if (!back) {
      keepPlace();
      history.pushState({}, "", url);
    }
    replace(found.page);
    scrollTo(0, back?.y || 0);
    if (asked) opened(found.id);
  };
  const cancel = () => {
    visiting?.stop.abort();
    visiting = undefined;
    arrived();
  };
  const arrived = () => {
    bar(false);
    document.getElementById("main")?.removeAttribute("aria-busy");
  };
  const replace = (page) => {
    arrived();
    shown = address(location);
    document.querySelectorAll(".htmx-request").forEach((one) => htmx.trigger(one, "htmx:abort"));
    document.title = page.title;
    for (const part of parts) {
      const here = document.adoptNode(page.querySelector(part));
      document.querySelector(part).replaceWith(here);
      htmx.process(here);
    }
    htmx.trigger("#main", "htmx:afterSettle", { page: true });
  };
  const opened = async (id) => {
    const told = await fetch(`${within(location)}opened/?page=${id}`, { redirect: "manual" }).catch(() => ({}));
    if (told.type === "opaqueredirect") location.reload(); // the session has ended
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(LINKS);
    if (!link || !swaps(link) || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (unsaved() || document.querySelector("form[data-sent]")) return;
    event.preventDefault();
    visit(link.href);
  });
  addEventListener("scroll", () => {
    clearTimeout(moved);
    if (!visiting) moved = setTimeout(keepPlace, 100);
  }, { passive: true });
  for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(name, () => { shown = address(location); });
  /* Back and forward among pages that were swapped, before htmx would load them anew. */
  addEventListener("popstate", (event) => {
    clearTimeout(moved);
    if (address(location) === shown) {
      if (visiting) cancel();
      return;
    }
    event.stopImmediatePropagation();
    if (unsaved() && !confirm(word("Leave"))) history.pushState({}, "", shown);
    else visit(location.href, event.state || {});
  }, true);

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-send-on-change]")) target.form.requestSubmit();
  });

  document.addEventListener("click", ({ target }) => {
    document.querySelectorAll("details.pop[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
    if (target === find) find.close();
    const link = target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) setTimeout(() => field.focus());
    const copy = target.closest("[data-copy]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      const words = copy.lastChild;
      const before = words.data;
      if (before === word("Copied")) return;
      words.data = word("Copied");
      say(word("Copied"));
      setTimeout(() => { words.data = before; }, 1500);
    });
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("details.pop")) target.querySelector("input[type=search]")?.focus();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.pop[open]");
      const fold = document.getElementById("fold");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (fold?.checked) fold.checked = false;
      return;
    }
    if (!("keys" in document.body.dataset)) return;
    const key = event.key.toLowerCase();
    // On a Mac Ctrl K is the field's own.
    if (key === "k" && !event.shiftKey && !event.altKey && (navigator.platform.startsWith("Mac") ? event.metaKey : event.ctrlKey)) open(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    const place = event.timeStamp < until && [...document.querySelectorAll("[data-go]")].find((one) => one.dataset.go === key);
    until = key === "g" ? event.timeStamp + 2000 : 0;
    if (place) place.click();
    else if (key === "/") {
      const search = document.querySelector("[data-search]");
      if (!search?.offsetParent) return open(event);
      event.preventDefault();
      search.focus();
      search.select();
    } else if (key === "?") location.assign(document.querySelector("[data-help]").href + "#keys");
  });
  let until = 0; // when a g that was pressed counts no more

  /* The palette: htmx asks for what is typed; here what came is gone through and opened. The focus stays in the field. */
  const typed = document.getElementById("find-q");
  const options = () => [...find.querySelectorAll("[role=option]")];
  const choose = (one) => {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === one)));
    typed.setAttribute("aria-expanded", String(options().length > 0));
    typed.setAttribute("aria-activedescendant", one?.id || "");
    one?.scrollIntoView({ block: "nearest" });
  };
  const open = (event) => {
    if (!find) return;
    event.preventDefault();
    if (!find.open) {
      find.showModal();
      htmx.trigger(typed, "input");
    }
    typed.focus();
    typed.select();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-find]") && !event.ctrlKey && !event.metaKey && !event.shiftKey) open(event);
  });
  find?.addEventListener("close", () => {
    if (find.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
  });
  typed?.addEventListener("input", () => choose()); // what stands there is no answer to this
  typed?.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((one) => one.id === typed.getAttribute("aria-activedescendant"));
    if (event.isComposing) return;
    if (event.key === "Enter" && at >= 0) all[at].click();
    else if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all.at(at > 0 ? at - 1 : -1));
    else return;
    event.preventDefault();
  });

  /* After a full answer with an error in it, the summary has the focus too. */
  document.querySelector("form [data-error-summary]")?.focus();
})();
