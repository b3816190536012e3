// On a paper: counts what is answered, keeps the answers in this browser until they are graded, and asks before a paper
// with gaps is handed in. On a result: forgets them, and brings the score into view. Everything works without it too.

const form = document.querySelector("form.quiz");
const result = document.getElementById("result");

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

function write(key, answers) {
  try {
    if (answers) localStorage.setItem(key, JSON.stringify(answers));
    else localStorage.removeItem(key);
  } catch {
    // Storage is blocked or full: the page works, a reload starts over.
  }
}

function watch(paper) {
  const key = paper.dataset.storage;
  const questions = [...paper.querySelectorAll("fieldset")];
  const inputs = [...paper.querySelectorAll("fieldset input")];
  const status = paper.querySelector("[role=status]");
  const bar = paper.querySelector("progress");
  const notice = paper.querySelector("[data-unanswered]");

  const unanswered = () => questions.filter((question) => !question.querySelector(":checked"));

  function chosen() {
    const answers = {};
    for (const input of inputs) if (input.checked) (answers[input.name] ??= []).push(input.value);
    return answers;
  }

  function show() {
    const answered = questions.length - unanswered().length;
    const text = `${answered} of ${questions.length} answered`;
    if (status.textContent !== text) status.textContent = text;
    bar.value = answered;
  }

  function restore() {
    const kept = read(key);
    for (const input of inputs) input.checked = Array.isArray(kept[input.name]) && kept[input.name].includes(input.value);
  }

  function ask(gaps) {
    document.getElementById("problem")?.remove();
    notice.querySelector("h2").textContent = `${gaps.length} of ${questions.length} not answered yet`;
    const links = gaps.map((question) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${question.id}`;
      link.textContent = `Question ${questions.indexOf(question) + 1}`;
      item.append(link);
      return item;
    });
    const list = document.createElement("ul");
    list.append(...links);
    notice.querySelector("ul")?.remove();
    notice.append(list);
    notice.hidden = false;
    notice.focus();
    if (paper.elements.confirm) return;
    const confirm = document.createElement("button");
    Object.assign(confirm, { name: "confirm", value: "yes", className: "button", textContent: "Hand in anyway" });
    paper.querySelector(".actions").append(confirm);
  }

  // What the server has sent back, and what the browser restored by itself, counts more than what was kept.
  if (!inputs.some((input) => input.checked)) restore();
  show();
  document.getElementById("problem")?.focus();

  paper.addEventListener("change", () => {
    write(key, chosen());
    show();
  });
  paper.addEventListener("submit", (event) => {
    write(key, chosen());
    const gaps = unanswered();
    if (!gaps.length || event.submitter?.name === "confirm") return;
    event.preventDefault();
    ask(gaps);
  });
  // A page that comes back from the browser's memory shows what is ticked now.
  addEventListener("pageshow", show);
}

if (form) watch(form);
if (result) {
  write(result.dataset.graded, null);
  result.focus();
}
