// Runs before anything is painted, so that a page never flashes in the other theme.
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  try {
    const theme = localStorage.getItem("metrics-docs-theme");
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  } catch {
    // A browser may keep nothing for pages from a disk; the system's theme stays.
  }
})();
