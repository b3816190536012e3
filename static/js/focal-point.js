// A click on the picture sets its focal point; the two fields do the same without a mouse.

const picture = document.querySelector("img.focal");
const fields = ["x", "y"].map((axis) => document.getElementById(`id_focus_${axis}`));

if (picture && fields.every(Boolean)) {
  const box = document.createElement("div");
  const mark = document.createElement("span");
  box.className = "focal-point";
  picture.replaceWith(box);
  box.append(picture, mark);
  const show = () => {
    const [left, top] = fields.map((field) => Math.min(100, Math.max(0, Number(field.value || 50))));
    mark.style.left = `${left}%`;
    mark.style.top = `${top}%`;
  };
  box.addEventListener("click", (event) => {
    const area = picture.getBoundingClientRect();
    fields[0].value = Math.round(((event.clientX - area.left) / area.width) * 100);
    fields[1].value = Math.round(((event.clientY - area.top) / area.height) * 100);
    show();
  });
  for (const field of fields) field.addEventListener("input", show);
  show();
}
