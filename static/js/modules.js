// Starts the modules of a page whose policy knows scripts by their hashes: those that a known script inserts
// may import others.

for (const src of document.currentScript.dataset.modules.split(" ").filter(Boolean)) {
  const script = document.createElement("script");
  // In order, as those of the page itself.
  Object.assign(script, { type: "module", async: false, src });
  document.head.append(script);
}
