// The owner's certified platform asks (IAB Europe, Transparency & Consent Framework 2.2). Until it says yes,
// its host is the only foreign one.

import { make } from "./helpers.js";

const GOOGLE = 755;
// "Store and/or access information on a device".
const STORE = 1;
const VERSION = 2;

// Load the platform, and call `callback` with true or false whenever the reader has decided.
export function watch(source, callback) {
  const script = make("script", { src: source, async: true });
  script.addEventListener("load", () => {
    window.__tcfapi?.("addEventListener", VERSION, (data, isSuccess) => {
      if (!isSuccess || !["tcloaded", "useractioncomplete"].includes(data.eventStatus)) return;
      callback(Boolean(data.purpose?.consents?.[STORE] && data.vendor?.consents?.[GOOGLE]));
    });
  });
  document.head.append(script);
}

// Ask again; platforms that do not know this command have a button of their own.
export function askAgain() {
  window.__tcfapi?.("displayConsentUi", VERSION, () => {});
}
