/* What pages gain when scripts run; everything works without. The data- attributes that it looks for are listed in
   templates/shared/ui.html. htmx's events are named in this file only. */
(() => {
  "use strict";

  const chinese = document.documentElement.lang.startsWith("zh");
  const said = (zh, en) => (chinese ? zh : en);
  const unit = (zh, en) => (n) => said(`${n} ${zh}`, `${n} ${en}${n === 1 ? "" : "s"}`);
  const [day, hour, minute, character] = [unit("天", "day"), unit("小时", "hour"), unit("分", "minute"), unit("字", "character")];
  const [retrying, cancelling, dismissing] = [said("重试", "Try again"), said("取消", "Cancel"), said("知道了", "Dismiss")];
  const offline = [
    said("网络断开，正在重试", "No connection. Trying again"),
    said("您填写的内容保存在本机，请不要关闭页面。", "What you typed is kept in this browser. Leave the page open."),
  ];
  const silent = [said("服务器没有回应", "The server did not answer"), offline[1]];
  const clash = [said("草稿在别处改过", "This draft was changed elsewhere"), said("您在这里写过：", "What you typed here:")];

  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (names, act, root = document) => names.split(" ").forEach((name) => root.addEventListener(name, act));
  const put = (id, ...content) => $(id)?.replaceChildren(...content);

  const make = (tag, attributes, ...content) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...content);
    return element;
  };

  const button = (css, act, ...content) => {
    const element = make("button", { type: "button", class: `btn sm ${css}` }, ...content);
    on("click", act, element);
    return element;
  };

  const icon = (name) => {
    const svg = document.querySelector("svg.i").cloneNode(true);
    const use = svg.firstElementChild;
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
    return svg;
  };

  // Notes

  const note = (kind, name, [title, text = ""], ...more) =>
    make("div", { class: `note ${kind}` }, icon(name), make("div", {}, make("p", { class: "strong" }, title), make("p", { class: "small" }, text), ...more));

  const closable = (element) => {
    const gone = () => element.remove();
    if (!element.querySelector(":scope > button")) element.append(button("plain", gone, dismissing));
    if (element.matches(".good, .info")) setTimeout(gone, 12000);
    return element;
  };

  const say = (text, kind) => put("say", closable(note(kind, { good: "check", bad: "alert" }[kind] ?? "info", [text])));

  const trouble = (words) => {
    put("net", note("warn", words === offline ? "off" : "alert", words));
    $("net")?.firstChild.append(button("", retry, retrying));
  };

  const retry = () => {
    put("net");
    all("form[data-autosave]").forEach(save);
    queues.forEach((queue, slot) => queue.busy || send(slot));
  };

  on("say", ({ detail }) => say(detail.text, detail.kind));
  on("online", retry, window);
  on("offline", () => trouble(offline), window);

  // Time left

  let ahead = 0; // of this clock is the server's, which decides

  const span = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
    if (days) return hours ? `${day(days)} ${hour(hours)}` : day(days);
    return hours ? `${hour(hours)} ${minute(rest)}` : minute(rest);
  };

  const tick = () =>
    all("time[data-countdown]").forEach((element) => {
      const seconds = Math.trunc((new Date(element.dateTime) - Date.now() - ahead) / 1000);
      const words = seconds > 0 ? said(`剩 ${span(seconds)}`, `${span(seconds)} left`) : said(`超 ${span(-seconds)}`, `${span(-seconds)} overdue`);
      const large = element.querySelector("b");
      element.replaceChildren(...words.split(/(\d+)/).map((part) => (large && /^\d/.test(part) ? make("b", {}, part) : part)));
    });

  setInterval(tick, 60000);
  on("visibilitychange", () => document.hidden || tick());

  // Drafts: sent when the hands rest, kept here until the server has them

  const drafts = "recourse:draft:";
  const place = (form) => drafts + form.dataset.autosave;
  const ticked = (field) => field.type === "radio" || field.type === "checkbox";
  const value = (field) => (ticked(field) ? field.checked : field.value);
  const fields = (form) => [...form.elements].filter((field) => field.id && field.name && !/hidden|file|password|submit|button/.test(field.type));
  const snapshot = (form) => new Map(fields(form).map((field) => [field.id, value(field)]));
  const changes = (form) => fields(form).filter((field) => value(field) !== form.draft.saved.get(field.id));

  const keep = (form) => {
    const kept = changes(form).map((field) => [field.id, form.draft.saved.get(field.id), value(field)]);
    try {
      if (kept.length) localStorage[place(form)] = JSON.stringify(kept);
      else delete localStorage[place(form)];
    } catch {
      /* full or forbidden: nothing is kept */
    }
  };

  const kept = (form) => {
    try {
      return JSON.parse(localStorage[place(form)] ?? "[]");
    } catch {
      return [];
    }
  };

  const save = (form) => {
    const { draft } = form;
    const source = $("autosave");
    clearTimeout(draft?.timer);
    if (!source || !draft || draft.stopped || !form.isConnected || !changes(form).length) return;
    draft.again = Boolean(draft.sent);
    if (draft.again) return;
    draft.sent = snapshot(form);
    source.saves = form;
    htmx.ajax("POST", form.dataset.autosave, { source, target: source, swap: "innerHTML", values: new FormData(form) }).catch(() => {});
  };

  /** What is sent for good never overtakes a draft on its way: whether `act` has to wait. */
  const waits = (form, target, act) => Boolean(form?.draft?.sent && form.draft.after.set(target, act));

  const saved = (form, status) => {
    const { draft } = form;
    const well = status >= 200 && status < 300;
    if (well) {
      draft.saved = draft.sent;
      put("net");
    }
    $("autosave").hidden = !well;
    draft.sent = null;
    draft.stopped = [401, 403, 404, 409].includes(status);
    keep(form);
    const { after } = draft;
    if (well && draft.again && after.size && !after.has(form)) save(form); // the form itself brings the rest along
    if (draft.sent) return;
    draft.after = new Map();
    if (after.size) after.forEach((act) => act());
    else if (draft.again) draft.timer = setTimeout(save, 2000, form);
    else if (!status || status === 429 || status >= 500) draft.timer = setTimeout(save, 20000, form);
  };

  const restore = (form) => {
    const clashes = [];
    const back = kept(form).filter(([id, before, typed]) => {
      const field = $(id);
      if (!field || value(field) === typed) return false;
      const free = value(field) === before || value(field) === "";
      if (free) field[ticked(field) ? "checked" : "value"] = typed;
      else if (!ticked(field)) clashes.push(make("textarea", { readonly: "", "aria-label": clash[1] }, typed));
      return free;
    });
    if (clashes.length) put("net", closable(note("warn", "alert", clash, ...clashes)));
    if (back.length) say(said("已恢复上次没有存上的内容", "What was not saved last time is back"), "info");
    save(form);
  };

  on("input change", ({ target: { form } }) => {
    if (!form?.draft) return;
    keep(form);
    clearTimeout(form.draft.timer);
    form.draft.timer = setTimeout(save, 2000, form);
  });
  on("focusout", ({ target: { form }, relatedTarget }) => form?.draft && !(relatedTarget?.type === "submit" && relatedTarget.form === form) && save(form));
  on("submit", (event) => {
    const { target, submitter, defaultPrevented } = event;
    if (target.draft && !defaultPrevented) {
      if (waits(target, target, () => target.requestSubmit(submitter))) event.preventDefault();
      else target.draft.stopped = true;
    }
    if (target.matches("[data-leaves]")) Object.keys(localStorage).forEach((key) => key.startsWith(drafts) && delete localStorage[key]);
  });
  const leave = (form) => {
    if (!form.draft || form.draft.stopped || !changes(form).length) return;
    fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true }).catch(() => {});
  };
  on("pagehide", () => all("form[data-autosave]").forEach(leave), window);
  /* A page that comes back knows nothing of what was saved since; what it holds unsaved is kept. */
  on("pageshow", ({ persisted }) => persisted && all("form[data-autosave]").length && location.reload(), window);

  on("input", ({ target }) =>
    all(`[data-count-for="${target.id}"]`).forEach((line) => {
      const written = [...target.value].length;
      const [left, short] = [line.dataset.most - written, line.dataset.least - written];
      const rest = short > 0 ? said(`至少还要 ${short} 字`, `at least ${short} more`) : said(`还可写 ${left} 字`, `${left} left`);
      line.textContent = left < 0 ? said(`多出 ${-left} 字`, `${character(-left)} too many`) : said("已写 ", "") + character(written) + said("，", ", ") + rest;
    }),
  );

  // Uploads: one file a request, in order; a refused one costs the others nothing

  const queues = new Map();
  const uploader = (element) => element?.closest?.("form[data-upload]");
  const megabytes = (octets) => Math.round(octets / 104857.6) / 10;
  const sending = (n) => said(`正在上传 ${n}%`, `Uploading ${n}%`);
  const tooLarge = (size, most) => said(`文件 ${size} MB，超过 ${most} MB。可以剪短或拆开。`, `${size} MB is more than ${most} MB. Shorten it or split it.`);

  const add = (form, files) => {
    const slot = form.dataset.upload;
    const queue = queues.get(slot) ?? { waiting: [], refused: [], busy: false };
    queues.set(slot, queue);
    [...files].forEach((file) => {
      if (file.size > form.dataset.most) queue.refused.push({ name: file.name, why: tooLarge(megabytes(file.size), megabytes(form.dataset.most)) });
      else queue.waiting.push(file);
    });
    if (queue.busy) draw(slot);
    else send(slot);
  };

  const line = ({ name, why }, words, act, ...more) =>
    make(
      "li",
      { class: "file", "data-local": "" },
      make("span", { class: "ph" }, icon(why ? "alert" : "up")),
      make("div", {}, name, make("small", { class: why ? "err" : "" }, words), ...more),
      button("plain", act, why ? dismissing : cancelling, make("span", { class: "vh" }, ` ${name}`)),
    );

  const draw = (slot) => {
    const queue = queues.get(slot);
    const list = $(slot)?.querySelector(".files");
    if (!list || !queue) return;
    $(slot).setAttribute("aria-busy", queue.busy);
    all("[data-local]", list).forEach((row) => row.remove());
    const drop = (from, item) => () => {
      from.splice(from.indexOf(item), 1);
      draw(slot);
    };
    list.append(
      ...queue.refused.map((item) => line(item, item.why, drop(queue.refused, item))),
      ...queue.waiting.map((file, n) => {
        if (n || !queue.busy) return line(file, said("等待上传", "Waiting"), drop(queue.waiting, file));
        const abort = () => htmx.trigger($(slot).querySelector("[data-upload]"), "htmx:abort");
        return line(file, sending(0), abort, make("progress", { max: 100, value: 0, "aria-label": file.name }));
      }),
    );
  };

  const send = (slot) => {
    const queue = queues.get(slot);
    const form = $(slot)?.querySelector("[data-upload]");
    if (!form) queue.waiting.splice(0).forEach(({ name }) => queue.refused.push({ name, why: said("这一项不能再添加文件。", "No more files can be added here.") }));
    const [file] = queue.waiting;
    queue.busy = Boolean(file);
    draw(slot);
    if (!file) return land($(slot));
    const values = new FormData(form);
    values.set("file", file, file.name);
    htmx.ajax("POST", form.action, { source: form, target: `#${slot}`, swap: "outerHTML", values }).catch(() => {});
  };

  /** Whether htmx may swap the answer in. */
  const sent = (slot, xhr) => {
    const queue = queues.get(slot);
    const later = [429, 503].includes(xhr.status);
    queue.busy = xhr.status !== 401;
    if (later) setTimeout(send, 1000 * (xhr.getResponseHeader("Retry-After") || 10), slot);
    if (later || xhr.status === 401) return !later;
    const { name } = queue.waiting.shift();
    if (xhr.status < 400) return true;
    const why = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-refused] .err, .note .strong");
    queue.refused.push({ name, why: why?.textContent.trim() || said("这个文件没有收下。", "This file was not accepted.") });
    setTimeout(send, 0, slot);
    return false;
  };

  on("change", ({ target }) => {
    if (target.type !== "file" || !uploader(target)) return;
    add(target.form, target.files);
    target.value = "";
  });
  on("dragover dragleave drop", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || !document.querySelector("[data-upload]")) return;
    const form = uploader(event.target);
    event.preventDefault(); // else the file replaces the page
    form?.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop" && form) add(form, event.dataTransfer.files);
  });
  on("beforeunload", (event) => [...queues.values()].some((queue) => queue.busy) && event.preventDefault(), window);

  // The menu and dialogs

  on("click", ({ target }) => {
    const opener = target.closest("[data-opens]");
    if (opener) $(opener.dataset.opens)?.showModal();
    all("details[data-menu][open]").forEach((menu) => (menu.open = menu.contains(target) && !opener));
  });
  on("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.firstElementChild.focus();
    event.stopImmediatePropagation();
  });

  // Where the focus goes, unless the reader has moved on

  const take = (goal) => {
    if (!goal) return;
    if (goal.tabIndex < 0) goal.tabIndex = -1;
    goal.removeAttribute("data-focus");
    goal.focus();
  };

  const land = (part, was) => {
    const now = document.activeElement;
    const lost = now === document.body;
    if (!part || !(lost || now === was || part.contains(now))) return;
    take(part.matches("[data-focus]") ? part : part.querySelector("[data-focus]") ?? (lost && part.querySelector("[type=file]")));
  };

  const arrive = () => {
    all("[data-opens]").forEach((opener) => (opener.hidden = !$(opener.dataset.opens)));
    all(".says .note").forEach(closable);
    all("form[data-upload]").forEach((form) => {
      const input = form.querySelector("[type=file]");
      if (input.multiple) return;
      form.noValidate = input.multiple = true;
      form.querySelector("button").hidden = true;
      form.querySelector(".sub").append(said("。选好或拖到这里后自动上传", ". Files chosen or dropped here are sent at once"));
      draw(form.dataset.upload);
    });
    all("form[data-autosave]").forEach((form) => {
      if (form.draft) return;
      form.draft = { saved: snapshot(form), after: new Map() };
      restore(form);
    });
  };

  arrive();
  if (!location.hash) take(document.querySelector("[data-focus]"));

  // htmx: the only place that knows its events

  on("htmx:confirm", (event) => {
    const { target, detail } = event;
    const beside = target.matches("form") && target.closest("[data-case]")?.querySelector("[data-autosave]");
    if (beside && beside !== target) save(beside);
    if (waits(target.draft ? target : beside, target, () => detail.issueRequest(true))) event.preventDefault();
  });
  on("htmx:beforeRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    const { draft } = requestConfig.elt;
    xhr.focused = document.activeElement;
    if (draft) clearTimeout(draft.timer), (draft.stopped = true);
    if (requestConfig.elt.saves) xhr.timeout = 15000; // someone may wait
    if (document.hidden && requestConfig.verb === "get" && !requestConfig.triggeringEvent) event.preventDefault(); // a poll
  });
  on("htmx:beforeSwap", ({ detail }) => {
    const { xhr, requestConfig, pathInfo } = detail;
    const form = uploader(requestConfig.elt);
    if (requestConfig.elt.draft && xhr.status < 300) {
      requestConfig.elt.draft.saved = snapshot(requestConfig.elt);
      keep(requestConfig.elt);
    }
    if (form && !sent(form.dataset.upload, xhr)) detail.shouldSwap = false;
    else if (xhr.status >= 400 && xhr.status !== 422 && !xhr.getResponseHeader("HX-Retarget")) {
      detail.shouldSwap = false; // from something in front of the portal
      trouble(silent);
    } else if (detail.shouldSwap && /^\s*<!doctype/i.test(xhr.responseText)) {
      detail.shouldSwap = false; // a whole page never goes into a part of one
      location.assign(pathInfo.responsePath);
    }
  });
  on("htmx:afterRequest", ({ target, detail: { xhr } }) => {
    const date = Date.parse(xhr.getResponseHeader("Date"));
    if (date) ahead = date - Date.now();
    if (target.saves) saved(target.saves, xhr.status);
    else if (target.draft) target.draft.stopped = false;
  });
  on("htmx:sendError htmx:sendAbort", ({ type, target }) => {
    const slot = uploader(target)?.dataset.upload;
    if (type === "htmx:sendError") trouble(offline);
    else if (slot) queues.get(slot).waiting.shift();
    if (!slot) return;
    queues.get(slot).busy = false;
    if (type === "htmx:sendError") draw(slot);
    else setTimeout(send, 0, slot);
  });
  on("htmx:xhr:progress", ({ target, detail }) => {
    const bar = uploader(target)?.parentElement.querySelector("[data-local] progress");
    if (!bar || !detail.lengthComputable) return;
    bar.value = Math.max(bar.value, Math.floor((100 * detail.loaded) / detail.total));
    bar.previousElementSibling.textContent = bar.value < 100 ? sending(bar.value) : said("正在检查文件", "Checking the file");
  });
  on("htmx:afterSettle", ({ target, detail: { xhr, requestConfig } }) => {
    const slot = uploader(requestConfig?.elt)?.dataset.upload;
    arrive();
    if (slot && slot === target.id) send(slot);
    else land(target, xhr.focused);
  });
})();
