"""Another host on this machine, which plays Google and a consent platform for a browser."""

from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

# By ad unit.
FILLS, FILLS_LATE, HAS_NONE, FAILS, GROWS = (f"000000000{number}" for number in range(1, 6))
# Longer than the half second after a click in which browsers forgive what moves.
LATE_MS = 900

# No address of Google's is longer, for tests that count the bytes of a page.
SCRIPT_PATH = "/pagead2.googlesyndication.com/pagead/js/adsbygoogle.js"
SCRIPT = """
(() => {
  const { origin } = new URL(document.currentScript.src);
  function show(ins, width = ins.style.width, height = ins.style.height) {
    const frame = document.createElement("iframe");
    frame.src = `${origin}/frame.html`;
    frame.style.cssText = `border:0;width:${width};height:${height}`;
    ins.append(frame);
    ins.dataset.adStatus = "filled";
  }
  const acts = {
    1: show,
    2: (ins) => setTimeout(show, LATE_MS, ins),
    3: (ins) => { ins.dataset.adStatus = "unfilled"; },
    4: () => { throw new Error("no"); },
    5: (ins) => {
      for (let each = ins.parentElement; each !== document.body; each = each.parentElement) {
        each.style.setProperty("height", "auto", "important");
        each.style.setProperty("min-height", "0", "important");
        each.style.setProperty("padding-top", "40px");
      }
      ins.style.height = "600px";
      show(ins, "300px", "600px");
    },
  };
  function take() {
    const ins = document.querySelector("ins.adsbygoogle:not([data-adsbygoogle-status])");
    ins.dataset.adsbygoogleStatus = "done";
    acts[ins.dataset.adSlot.at(-1)](ins);
  }
  const waiting = window.adsbygoogle ?? [];
  window.adsbygoogle = { push: take, loaded: true };
  waiting.forEach(take);
  // Google's script loads others.
  const second = document.createElement("script");
  second.src = `${origin}/second.js`;
  document.head.append(second);
})();
""".replace("LATE_MS", str(LATE_MS))
# Asks with a button of its own: `window.choose` is a reader's answer, `window.report` anything that it may say.
PLATFORM = """
(() => {
  const listeners = [];
  const data = (eventStatus, isGiven) => ({
    eventStatus, gdprApplies: true,
    purpose: { consents: { 1: isGiven } }, vendor: { consents: { 755: isGiven } },
  });
  window.__tcfapi = (command, version, callback) => {
    if (command === "displayConsentUi") window.asked = (window.asked ?? 0) + 1;
    if (command !== "addEventListener" || version !== 2) return;
    listeners.push(callback);
    callback({ ...data("cmpuishown", true), eventStatus: "cmpuishown" }, true);
  };
  window.report = (data, isSuccess = true) => listeners.forEach((listener) => listener(data, isSuccess));
  window.choose = (isGiven) => window.report(data("useractioncomplete", isGiven));
})();
"""
# Is there a while after its script, fails at the first call, and has no dialogue to show again.
SLOW_PLATFORM = """
setTimeout(() => {
  window.__tcfapi = () => {
    window.__tcfapi = (command, version, callback) => {
      if (command === "displayConsentUi") return callback(null, false);
      window.report = (data, isSuccess = true) => callback(data, isSuccess);
    };
    throw new Error("not ready");
  };
}, 500);
"""
FRAME = "<!doctype html><title>Advertisement</title><body style='margin:0;background:#c33'><p>An advertisement</p>"
ANSWERS = {
    SCRIPT_PATH: ("text/javascript", SCRIPT),
    "/second.js": ("text/javascript", "window.hasSecond = true;"),
    "/platform.js": ("text/javascript", PLATFORM),
    "/slow-platform.js": ("text/javascript", SLOW_PLATFORM),
    "/frame.html": ("text/html", FRAME),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        # A page that is left waits for nothing.
        with suppress(ConnectionError):
            self.answer()

    def answer(self):
        kind, body = ANSWERS.get(self.path.partition("?")[0], ("text/plain", ""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Nothing: the browser says what it asked for."""


@contextmanager
def google():
    """Its origin, whose host is another one than that of the site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
