// Reports, next to the comment on the screen, that a decision about another one was not saved, and why.

export function showError(about, refused, show) {
  const box = document.createElement("div");
  box.className = "refusal";
  box.role = "alert";
  const name = document.createElement("p");
  name.textContent = `Not saved: ${about.dataset.title}.`;
  box.append(name);
  const why = refused?.querySelector(".refusal, .errorlist")?.cloneNode(true);
  if (why) box.append(...why.childNodes);
  else if (!refused) name.append(" The server did not respond.");
  box.append(
    buttonOf("Show it", () => {
      box.remove();
      show();
    }),
  );
  box.append(buttonOf("Close", () => box.remove()));
  document.querySelector("[data-errors]").append(box);
}

function buttonOf(text, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = text;
  button.addEventListener("click", press);
  return button;
}
