"""Redis stopped, and started again without its data."""

import shutil
import subprocess
import time

from publishing.tests.served import free_port, wait_for

from .fault_disk import SEEN_SECONDS, renamed, shown
from .forms import readers_forms, send
from .site import ARTICLE, ask, prepared
from .table import fault


class Redis:
    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self):
        command = [shutil.which("redis-server"), "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port, self.process)

    def stop(self):
        self.process.kill()
        self.process.wait()


@fault("Redis stopped")
def redis_stopped(table, folder):
    redis = Redis()
    site = prepared(folder, REDIS_URL=redis.url)
    try:
        with site.served(workers=2):
            for path in ("/", ARTICLE) * 4:
                ask(site, "GET", path)
            forms = readers_forms(site)
            renamed(site, "Before")
            table.promise("changes are seen", (seconds := shown(site, "Before")) < SEEN_SECONDS, f"{seconds:.0f} s")
            redis.stop()
            for path in ("/", ARTICLE, "/search/?q=uncached"):
                table.answer(path, ask(site, "GET", path), 200, seconds=1)
            for form in forms[:1] + forms[6:7]:
                table.answer(form.name, send(site, form), form.answers)
            table.answer("/readyz", ask(site, "GET", "/readyz"), 503, retry=False)
            renamed(site, "Meanwhile")
            redis.start()
            seconds = shown(site, "Meanwhile")
            table.promise("changes from before it was back are seen", seconds < SEEN_SECONDS, f"{seconds:.0f} s")
            renamed(site, "Afterwards")
            seconds = shown(site, "Afterwards")
            table.promise("and those from afterwards", seconds < SEEN_SECONDS, f"{seconds:.0f} s")
            started = time.monotonic()
            while ask(site, "GET", "/readyz").status != 200 and time.monotonic() - started < SEEN_SECONDS:
                time.sleep(0.2)
            table.answer("/readyz, with Redis back", ask(site, "GET", "/readyz"), 200)
    finally:
        redis.stop()
