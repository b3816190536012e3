// Pictures, audio and video for the editor: paste, drop or choose a file, or one of the library.

import { UploadDialog, addDialogButton, field, make } from "./upload-dialog.js";

// Not every system knows the types of all of them.
const ENDING = /\.(mp3|m4a|ogg|wav|flac|mp4|webm)$/i;

class PictureDialog extends UploadDialog {
  constructor(url, textarea) {
    const words = {
      id: "pictures",
      rows: "pictures",
      title: gettext("Insert a picture"),
      missing: gettext("Choose a picture first."),
    };
    super(url, textarea, words, {
      file: field(gettext("Picture"), "file", { type: "file", accept: "image/*" }),
      alt: field(gettext("What it shows, for people who cannot see it"), "alt", { maxLength: 300 }),
      decorative: field(gettext("It is decorative"), "decorative", { type: "checkbox" }),
      caption: field(gettext("Caption"), "caption", { maxLength: 300 }),
      credit: field(gettext("Credit"), "credit", { maxLength: 200 }),
    });
    this.first = this.alt;
    this.decorative.addEventListener("change", () => (this.alt.disabled = this.decorative.checked));
  }

  open(file) {
    this.alt.disabled = false;
    super.open(file);
  }

  shown(picture) {
    const image = make("img", { src: picture.thumbnail, alt: "", loading: "lazy" });
    return [image, make("b", { textContent: picture.name })];
  }
}

class RecordingDialog extends UploadDialog {
  constructor(url, textarea) {
    const words = {
      id: "recordings",
      rows: "recordings",
      title: gettext("Insert audio or video"),
      missing: gettext("Choose a file first."),
    };
    super(url, textarea, words, {
      file: field(gettext("Audio or video file"), "file", { type: "file", accept: "audio/*,video/*" }),
      title: field(gettext("Title, shown below the player"), "title", { maxLength: 200 }),
    });
    this.first = this.title;
    this.file.addEventListener("change", () => this.suggest());
  }

  // The name of the file, until a title is typed.
  suggest() {
    const name = this.file.files[0]?.name.replace(/\.\w+$/, "").replace(/[_-]+/g, " ") ?? "";
    if (this.title.value === (this.suggested ?? "") || !this.title.value) this.title.value = name;
    this.suggested = name;
  }

  open(file) {
    super.open(file);
    if (file) this.title.select();
  }

  shown({ title, facts }) {
    return [make("b", { textContent: title, dir: "auto" }), make("small", { textContent: facts })];
  }
}

// Give a `.markdown-editor` its buttons, and let its textarea take files.
export function attachFiles(editor) {
  const textarea = editor.querySelector("textarea");
  const { picturesUrl, recordingsUrl } = editor.dataset;
  if (!picturesUrl) return;
  const [made, waiting] = [new Map(), []];
  const open = (Dialog, url, file) => {
    if (!made.has(Dialog)) {
      made.set(Dialog, new Dialog(url, textarea));
      made.get(Dialog).dialog.addEventListener("close", openNext);
    }
    made.get(Dialog).open(file);
  };
  const openNext = () => waiting.length && open(...waiting.shift());
  addDialogButton(editor, { textContent: gettext("Picture") }, () => open(PictureDialog, picturesUrl));
  addDialogButton(editor, { textContent: gettext("Audio or video") },
    () => open(RecordingDialog, recordingsUrl));
  const take = (event, data) => {
    const files = [...data.files].flatMap((file) => {
      if (file.type.startsWith("image/")) return [[PictureDialog, picturesUrl, file]];
      const isRecording = /^(audio|video)\//.test(file.type) || ENDING.test(file.name);
      return isRecording ? [[RecordingDialog, recordingsUrl, file]] : [];
    });
    if (!files.length || (event.type === "paste" && data.types.includes("text/plain"))) return;
    event.preventDefault();
    waiting.push(...files);
    openNext();
  };
  textarea.addEventListener("paste", (event) => take(event, event.clipboardData));
  textarea.addEventListener("drop", (event) => take(event, event.dataTransfer));
  textarea.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
}
