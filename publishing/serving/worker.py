"""A gunicorn worker in which only Django waits: one thread has all connections, and a pool renders.

gunicorn's own worker with threads uses a thread of the pool for each connection that sends slowly, and closes
connections in the thread that accepts them. Here the main thread, the poller, reads requests until they are whole,
sends answers and closes connections without ever waiting for a client. A page that the application has in memory
(`application.answer()`) it answers itself, so these pages need no thread of the pool. Bytes are parsed, answers are
made and the life of the process is managed by gunicorn's code. TLS and HTTP/2 are left to a proxy.
"""

import errno
import sys
import time
from datetime import datetime
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from socket import SHUT_WR

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.errors import ConfigurationProblem, ParseException
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from .connection import RECEIVE_BYTES, Connection, Refused
from .counts import STOPPED, Counts
from .output import SEND_SECONDS

# Seconds from the first byte of a request to the end of its head, and for a body so many, plus one for each so many
# bytes that have arrived: the limits that Apache httpd recommends (mod_reqtimeout), 20 seconds and 500 bytes a second.
HEAD_SECONDS = 10
BODY_SECONDS = 20
BODY_BYTES_A_SECOND = 500
# After the last answer the client may go on sending for a moment; the kernel would drop the answer otherwise.
LINGER_SECONDS = 2
LINGER_BYTES = 64 * 1024
# Requests of one connection in a row, before others get their turn.
PIPELINED = 16
# Switches to the poller while threads render: Python's default of 5 ms makes a cached page wait three times as long.
SWITCH_SECONDS = 0.0005
# A worker with more connections than another leaves a new one to it for so long. The first to wake would take them all.
YIELD_SECONDS = 0.0005


class PollingWorker(ThreadWorker):
    counts = Counts()

    @classmethod
    def check_config(cls, cfg, log):
        if cfg.is_ssl:
            raise ConfigurationProblem("This worker speaks no TLS; a proxy in front of it does.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # From those that are closed first, when there are too many, to those that are closed last; each oldest first.
        self.lingering: dict[Connection, None] = {}
        self.idle: dict[Connection, None] = {}
        self.reading: dict[Connection, None] = {}
        self.writing: dict[Connection, None] = {}
        self.running: dict[Connection, None] = {}
        self.groups = (self.lingering, self.idle, self.reading, self.writing)
        self.swept_at = self.notified_at = 0.0

    def init_process(self):
        sys.setswitchinterval(SWITCH_SECONDS)
        super().init_process()

    def load_wsgi(self):
        super().load_wsgi()
        self.answer = getattr(self.wsgi, "answer", None)

    def notify(self):
        # Once a second is enough for the arbiter, and this is called after each round of events.
        now = time.monotonic()
        if now - self.notified_at >= 1:
            self.notified_at = now
            self.count()
            super().notify()

    # --- connections ---

    def count(self, more=0):
        self.nr_conns += more
        self.counts.write(self.age, self.nr_conns if self.alive else STOPPED)

    def accept(self, listener):
        if self.nr_conns > self.counts.least(self.age):
            time.sleep(YIELD_SECONDS)
        try:
            socket, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.log.warning("Too many open files: %s", error)
                self.make_room()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED):
                raise
            return
        socket.setblocking(False)
        conn = Connection(socket, client, listener.getsockname())
        self.count(+1)
        self.move(conn, self.idle, HEAD_SECONDS)
        self.listen(conn, EVENT_READ)
        if self.nr_conns >= self.worker_connections:
            self.make_room()

    def make_room(self):
        """Close the connection that is missed least, if there is one without a request in the pool."""
        for group in self.groups:
            if group:
                return self.close(next(iter(group)))

    def move(self, conn, group, seconds=0.0):
        if conn.group is not None:
            del conn.group[conn]
        conn.group, group[conn] = group, None
        conn.since = time.monotonic()
        conn.deadline = conn.since + seconds

    def listen(self, conn, events):
        if events == conn.events:
            return
        if not events:
            self.poller.unregister(conn.socket)
        elif not conn.events:
            self.poller.register(conn.socket, events, partial(self.on_ready, conn))
        else:
            self.poller.modify(conn.socket, events, partial(self.on_ready, conn))
        conn.events = events

    def close(self, conn):
        if conn.group is None:
            return
        self.listen(conn, 0)
        del conn.group[conn]
        conn.group = None
        conn.sock.close()
        conn.finish()
        conn.socket.close()
        self.count(-1)

    def murder_keepalived(self, force=False):
        """Close what has waited too long; called after each round of events."""
        now = time.monotonic()
        if now - self.swept_at < 1 and not force:
            return
        self.swept_at = now
        for group in self.groups:
            for conn in [conn for conn in group if conn.deadline <= now or force]:
                if group is self.reading and not force:
                    self.guarded(conn, self.refuse, conn, Refused(408, "Request Timeout"))
                else:
                    self.close(conn)

    def murder_pending(self):
        """Done by murder_keepalived()."""

    def _cap_keepalive(self, deadline):
        for conn in self.idle:
            conn.deadline = min(conn.deadline, deadline)

    # --- what the poller does when a client has sent something, or takes something ---

    def guarded(self, conn, action, *args):
        """An error with one connection ends that connection, never the worker."""
        try:
            action(*args)
        except OSError as error:
            self.log.debug("Connection lost: %s", error)
            self.close(conn)
        except Exception:  # noqa: BLE001 - whatever it is, the others go on
            self.log.exception("Error with a connection")
            self.close(conn)

    def on_ready(self, conn, _):
        if conn.group is self.writing:
            self.guarded(conn, self.send, conn)
        elif conn.group is not None:
            self.guarded(conn, self.receive, conn)

    def receive(self, conn):
        try:
            data = conn.socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        if not data:
            self.close(conn)
        elif conn.group is self.lingering:
            conn.drained += len(data)
            if conn.drained > LINGER_BYTES:
                self.close(conn)
        else:
            conn.received += data
            self.advance(conn)

    def advance(self, conn):
        """Answer what has been received, or pass it on, or wait for more."""
        for _ in range(PIPELINED):
            if conn.group not in (self.idle, self.reading):
                return
            try:
                if not conn.complete(self.cfg):
                    return self.wait_for_more(conn)
            except Refused as refused:
                return self.refuse(conn, refused)
            except ParseException as error:
                self.handle_error(conn.request, conn.sock, conn.client, error)
                return self.send(conn)
            except OSError as error:
                self.log.error("A request cannot be stored: %s", error)
                return self.refuse(conn, Refused(503, "Service Unavailable"))
            if not self.answer_from_memory(conn):
                self.listen(conn, 0)
                self.move(conn, self.running)
                return self.enqueue_req(conn)
            self.send(conn, goes_on=False)
        self.method_queue.defer(self.guarded, conn, self.advance, conn)

    def wait_for_more(self, conn):
        if conn.expects_continue:
            conn.expects_continue = False
            conn.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            conn.sock.flush()
        if conn.group is self.idle and (conn.received or conn.request):
            self.move(conn, self.reading, HEAD_SECONDS)
        if conn.request:
            conn.deadline = conn.since + BODY_SECONDS + conn.body_size / BODY_BYTES_A_SECOND

    def refuse(self, conn, refused):
        self.log.info("Refused a request from %s: %s", conn.client, refused)
        conn.stays_open = False
        util.write_error(conn.sock, refused.status, refused.reason, "")
        self.send(conn)

    def answer_from_memory(self, conn):
        """Write the answer that the application has ready; whether there is one."""
        request = conn.request
        if self.answer is None or request.method not in ("GET", "HEAD") or conn.body:
            return False
        started = datetime.now()
        response, environ = wsgi.create(request, conn.sock, conn.client, conn.server, self.cfg)
        try:
            found = self.answer(environ)
        except Exception:  # noqa: BLE001 - the application still has its usual way to answer
            self.log.exception("Error in answer()")
            found = None
        if found is None:
            return False
        status, headers, body = found
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
        if not self.alive or not self.cfg.keepalive:
            response.force_close()
        response.start_response(status, headers)
        if request.method != "HEAD":
            response.write(body)
        response.close()
        conn.stays_open = not response.should_close()
        self.log.access(response, request, environ, datetime.now() - started)
        return True

    def finish_request(self, conn, fs):
        """Send what a thread of the pool has answered."""
        conn.stays_open = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        self.guarded(conn, self.send, conn)

    def send(self, conn, goes_on=True):
        """Send what the client takes. After the last byte wait for its next request, or close."""
        if not conn.sock.flush():
            self.listen(conn, EVENT_WRITE)
            return self.move(conn, self.writing, SEND_SECONDS)
        conn.finish()
        if conn.stays_open:
            conn.stays_open = False
            self.move(conn, self.idle, self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
            self.listen(conn, EVENT_READ)
            if goes_on and conn.received:
                self.advance(conn)
        else:
            conn.socket.shutdown(SHUT_WR)
            self.move(conn, self.lingering, LINGER_SECONDS)
            self.listen(conn, EVENT_READ)
