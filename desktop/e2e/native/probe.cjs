// Remembers what the app makes that Electron does not list, so that tests can look at it and use it as a person would.
// Loaded before the app by `-r`; an app that is packaged runs it once it is there.

function watch({ Menu }) {
  const seen = { menu: undefined };
  globalThis.seenByTests = seen;

  /** Electron does not tell which menu a tray has; ours is known by its first item. */
  const build = Menu.buildFromTemplate.bind(Menu);
  Menu.buildFromTemplate = (template) => {
    const menu = build(template);
    if (menu.items[0]?.label === "Open CloudSmith") seen.menu = menu;
    return menu;
  };

  /** The items of a menu as lines: `label`, `  label` inside a submenu, `[x] label` for a checked one. */
  seen.lines = (menu = seen.menu, indent = "") =>
    (menu?.items ?? []).flatMap((item) => {
      if (item.type === "separator") return [];
      const mark = item.type === "checkbox" || item.type === "radio" ? `[${item.checked ? "x" : " "}] ` : "";
      const inner = item.submenu ? seen.lines(item.submenu, `${indent}  `) : [];
      return [`${indent}${mark}${item.label}`, ...inner];
    });

  const choose = (menu, [label, ...inner]) => {
    const item = menu.items.find((each) => each.label.startsWith(label));
    if (item === undefined) throw new Error(`The menu has no ${label}: ${seen.lines().join(" | ")}`);
    if (inner.length > 0) choose(item.submenu, inner);
    else item.click();
  };
  /** Chooses an item of the tray menu by its labels, outermost first; a label may be the beginning of one. */
  seen.choose = (...labels) => choose(seen.menu, labels);
  /** Chooses an item of the application menu by its id; whether there is one. */
  seen.chooseById = (id) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(id);
    item?.click();
    return item !== undefined && item !== null;
  };
}

if (process.versions.electron === undefined) module.exports = watch;
else watch(require("electron"));
