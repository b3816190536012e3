// Says beside the card on the screen what was not done about another one, with the server's reason.

export function complain(about, refused, show) {
  const box = document.createElement("div");
  box.className = "refusal";
  box.role = "alert";
  const name = document.createElement("p");
  name.textContent = `Not saved: ${about.dataset.title}.`;
  box.append(name);
  const why = refused?.querySelector(".refusal, .errorlist")?.cloneNode(true);
  if (why) box.append(...why.childNodes);
  else if (!refused) name.append(" The server did not answer as it should.");
  box.append(
    buttonOf("Show it", () => {
      box.remove();
      show();
    }),
  );
  box.append(buttonOf("Close", () => box.remove()));
  document.querySelector("[data-complaints]").append(box);
}

function buttonOf(text, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.textContent = text;
  button.addEventListener("click", press);
  return button;
}
