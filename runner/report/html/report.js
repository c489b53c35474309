"use strict";
(() => {
  const collator = new Intl.Collator("en", { numeric: true });

  function keyOf(row, column) {
    const cell = row.cells[column];
    return cell.dataset.value ?? cell.textContent;
  }

  // Empty keys (no value) stay last in both directions; equal rows keep their order.
  function compare(a, b, numeric, sign) {
    if (a === "" || b === "") return (a === "" ? 1 : 0) - (b === "" ? 1 : 0);
    return sign * (numeric ? Number(a) - Number(b) : collator.compare(a, b));
  }

  function sortBy(header) {
    const table = header.closest("table");
    const body = table.tBodies[0];
    const column = header.cellIndex;
    const order = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of table.tHead.rows[0].cells) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", order);
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, column) }));
    const numeric = header.classList.contains("num");
    const sign = order === "ascending" ? 1 : -1;
    rows.sort((a, b) => compare(a.key, b.key, numeric, sign));
    body.append(...rows.map((entry) => entry.row));
  }

  for (const button of document.querySelectorAll("table.sortable th button")) {
    button.addEventListener("click", () => sortBy(button.closest("th")));
  }

  const root = document.documentElement;
  const theme = document.getElementById("theme");
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  function nameTheme() {
    theme.textContent = isDark() ? "Light colours" : "Dark colours";
  }
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();

  for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;
  for (const button of document.querySelectorAll("button[data-unfold]")) {
    button.addEventListener("click", () => {
      for (const world of button.closest("section").querySelectorAll("details.world")) {
        world.open = button.dataset.unfold === "1";
      }
    });
  }

  // Paper can not be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });
})();
