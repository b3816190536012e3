// Reports, next to the comment on the screen, that a decision about another one was not saved, and why.

export function showError(about, refused, show) {
  const box = document.createElement("div");
  box.className = "refusal";
  box.role = "alert";
  const name = document.createElement("p");
  const { title } = about.dataset;
  name.textContent = interpolate(gettext("Not saved: %(title)s."), { title }, true);
  box.append(name);
  const why = refused?.querySelector(".refusal, .errorlist")?.cloneNode(true);
  if (why) box.append(...why.childNodes);
  else if (!refused) name.append(" ", gettext("The server did not respond."));
  box.append(
    buttonOf(gettext("Show it"), () => {
      box.remove();
      show();
    }),
  );
  box.append(buttonOf(pgettext("verb", "Close"), () => box.remove()));
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
