// The owner's certified platform asks (IAB Europe, Transparency & Consent Framework 2.2). Until it says yes,
// its host is the only foreign one. Platforms come late, answer again and again, and fail: what is not a
// clear answer changes nothing.

import { make } from "./helpers.js";

const GOOGLE = 755;
// "Store and/or access information on a device".
const STORE = 1;
const VERSION = 2;
// Some load themselves in steps: the function by which they are asked comes later than the script.
const PAUSE_MS = 250;
const MOST_TRIES = 240;

// True or false once it is decided; undefined while it is not, as when the platform shows its question.
function decided(data, isSuccess) {
  if (!isSuccess || !data) return undefined;
  // No consent is needed where this reader is.
  if (data.gdprApplies === false) return true;
  if (!["tcloaded", "useractioncomplete"].includes(data.eventStatus)) return undefined;
  return data.purpose?.consents?.[STORE] === true && data.vendor?.consents?.[GOOGLE] === true;
}

function call(command, callback) {
  try {
    window.__tcfapi(command, VERSION, callback);
    return true;
  } catch {
    return false;
  }
}

// Load the platform, and call `callback` with true or false when it is decided, and when that changes.
export function watch(source, callback) {
  let known;
  let tries = 0;
  function hear(data, isSuccess) {
    const now = decided(data, isSuccess);
    if (now === undefined || now === known) return;
    known = now;
    callback(now);
  }
  function listen() {
    if (call("addEventListener", hear) || (tries += 1) > MOST_TRIES) return;
    setTimeout(listen, PAUSE_MS);
  }
  const script = make("script", { src: source, async: true });
  script.addEventListener("load", listen);
  document.head.append(script);
}

// Ask again, and call `otherwise` if the platform cannot: some have a button of their own instead.
export function askAgain(otherwise) {
  const isAsked = call("displayConsentUi", (_data, isSuccess) => {
    if (isSuccess === false) otherwise();
  });
  if (!isAsked) otherwise();
}
