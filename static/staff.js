/* The review queue: shortcuts and the picture viewer. Each key has a visible control, and a switch turns them all off. */
(() => {
  "use strict";

  const off = "recourse:keys-off";
  const cases = () => [...document.querySelectorAll("[data-case]")];
  const stored = () => {
    try {
      return Boolean(localStorage[off]);
    } catch {
      return false;
    }
  };

  const press = (selector, root) => {
    const control = root?.querySelector(selector);
    control?.click();
    if (control?.type === "radio") control.focus();
    return Boolean(control);
  };

  /** J and K: the focus goes to the link of the next or previous case. */
  const move = (rows, at, key) => {
    const next = key === "j" ? at + 1 : at < 0 ? rows.length - 1 : at - 1;
    rows[Math.max(0, Math.min(next, rows.length - 1))]?.querySelector("[data-row]")?.focus();
    return true;
  };

  /** What a key does; false leaves it to the browser. Letters never act while one is typing, and no key submits alone. */
  const act = (event) => {
    const here = document.activeElement;
    const rows = cases();
    const at = rows.findIndex((row) => row.contains(here));
    const typing = here.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    const panel = here.closest("[data-decides]") ?? document.querySelector("[data-decides]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return press("[data-submits]", panel);
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape" && typing) return here.blur(), true;
    if (event.key === "Escape") return press("[data-closes]", document);
    if (typing) return false;
    if (event.key === "?") return document.getElementById("keys")?.showModal(), true;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") return move(rows, at, key);
    return /^[a-z]$/.test(key) && press(`[data-key="${key}"]`, rows[at] ?? panel?.closest("[data-case]") ?? panel);
  };

  document.addEventListener("keydown", (event) => {
    if (stored() || event.isComposing || !document.querySelector("[data-keys]") || document.querySelector("dialog[open]")) return;
    if (act(event)) event.preventDefault();
  });

  document.querySelectorAll("[data-keys-switch]").forEach((box) => {
    box.checked = !stored();
    box.addEventListener("change", () => {
      if (box.checked) delete localStorage[off];
      else localStorage[off] = "1";
    });
  });

  const show = (view, link) => {
    const large = view.querySelector("[data-view-link]");
    const picture = new Image(400, 300);
    picture.alt = link.querySelector("img").alt;
    picture.src = link.dataset.src;
    large.href = link.href;
    large.replaceChildren(picture);
    const links = [...view.querySelectorAll(".strip a")];
    links.forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    view.querySelector("[data-view-count]").textContent = links.indexOf(link) + 1;
    view.querySelector("[data-view-note]").textContent = link.dataset.note;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-view] a[data-src]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.closest("[data-view]"), link);
  });
})();
