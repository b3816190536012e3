"""Sign-in to the admin: rate limits, known browsers, and the record of sign-ins.

Checking a password takes a quarter of a second of CPU. So tries are limited by network before, one thread of the
machine checks at a time, and a refusal costs half a millisecond. Tries by name are limited for all networks together;
browsers that signed in to the account before have a separate limit.
"""

import fcntl
import secrets
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UsernameField
from django.core import signing
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.deprecation import MiddlewareMixin

from ..models import Publication
from . import anonymous_ids, limits

SIGN_IN, SIGN_OUT = "/admin/login/", "/admin/logout/"
# Where passwords are checked or chosen, and links to choose one are asked for.
LIMITED = (SIGN_IN, "/admin/password_change/", "/admin/password/")
# A form with a name and passwords is smaller.
FORM_BYTES = 65_536

COOKIE = "__Secure-known-browser" if settings.HTTPS else "known-browser"
COOKIE_SECONDS = 180 * 24 * 60 * 60
# Enough for the owner of the browser, few for someone who copied its cookie.
KNOWN_BROWSER_RATES = "10/10 minutes; 60/day"
_signer = signing.TimestampSigner(salt="publishing.signin")


class PasswordQueue:
    """Lets one thread of the machine check a password, and one more of each process wait for its turn.

    Others are refused at once.
    """

    PATIENCE = 2  # seconds
    POLL = 0.02

    def __init__(self, path: Path):
        """`path` is of the file that the processes lock. If that fails, each process lets one of its threads check."""
        self._path, self._places, self._turn = path, BoundedSemaphore(2), Lock()

    @contextmanager
    def turn(self):
        """`with queue.turn() as mine:` is true if this thread got its turn within `PATIENCE`."""
        deadline = time.monotonic() + self.PATIENCE
        with ExitStack() as held:
            mine = self._places.acquire(blocking=False)
            if mine:
                held.callback(self._places.release)
                mine = self._turn.acquire(timeout=self.PATIENCE)
            if mine:
                held.callback(self._turn.release)
                mine = self._lock_file(held, deadline)
            yield mine

    def _lock_file(self, held, deadline) -> bool:
        try:
            # Opened for each turn: processes forked from one that had it open would share its lock.
            file = held.enter_context(self._path.open("a"))
            while True:
                with suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                if time.monotonic() >= deadline:
                    return False
                time.sleep(self.POLL)
        except OSError:
            return True


# By whether the browser is known: others cannot fill the queue of known browsers.
_queues = {
    True: PasswordQueue(settings.VAR_DIR / "password-known-browser.lock"),
    False: PasswordQueue(settings.VAR_DIR / "password.lock"),
}


class SignInLimits(MiddlewareMixin):
    """Middleware: answers 429 to a request over a limit that would check or hash a password, or send a link."""

    def __call__(self, request):
        if request.method != "POST" or not request.path_info.startswith((*LIMITED, SIGN_OUT)):
            return self.get_response(request)
        if request.path_info == SIGN_OUT:
            response = self.get_response(request)
            # Not "storage": it has the person's own drafts and quiz results as a reader.
            response.headers["Clear-Site-Data"] = '"cache"'
            return response
        if int(request.META.get("CONTENT_LENGTH") or 0) > FORM_BYTES:
            raise RequestDataTooBig
        return self._checked(request)

    def _checked(self, request):
        name = _name(request) if request.path_info == SIGN_IN else None
        browser = _known_browser(request, name)
        if wait := _seconds_to_wait(request, browser):
            return _refused(request, wait)
        with _queues[browser is not None].turn() as mine:
            if not mine:
                return _refused(request, PasswordQueue.PATIENCE, busy=True)
            if name is not None and browser is None:
                counted = salted_hmac("publishing.signin.name", name).hexdigest()
                if wait := limits.seconds_to_wait(settings.SIGN_INS_BY_NAME, "sign-in", counted):
                    return _refused(request, wait)
            response = self.get_response(request)
        if request.path_info == SIGN_IN and response.status_code == 302 and request.user.is_authenticated:
            _remember(response, request.user)
        return response


def _seconds_to_wait(request, browser):
    if browser is not None:
        return limits.seconds_to_wait(KNOWN_BROWSER_RATES, "sign-in", browser)
    wait = limits.seconds_to_wait(settings.SIGN_INS_FROM_NETWORK, "sign-in", anonymous_ids.network(request))
    wide = anonymous_ids.network(request, bits=48)
    is_wider = wide.endswith("/48")
    return wait or (is_wider and limits.seconds_to_wait(settings.SIGN_INS_FROM_WIDE_NETWORK, "sign-in", wide))


def _name(request) -> str:
    """The user name as the form reads it: stripped and normalised."""
    return UsernameField().to_python(request.POST.get("username", "")[:1000])


def _refused(request, wait, busy=False):
    context = {
        "name": request.POST.get("username", "")[:254],
        "token": request.POST.get("csrfmiddlewaretoken", "")[:64],
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "publication": Publication.current(),
        "signs_in": request.path_info == SIGN_IN,
        "path": request.path_info,
        "busy": busy,
        "wait": wait,
    }
    # Without the request, no context processor queries the user.
    # Before publishing.web.staff.DeskLanguage.
    with translation.override(settings.DESK_LANGUAGE):
        response = render(None, "admin/sign_in_refused.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "private, no-store"
    return response


# --- known browsers ---


def _known_browser(request, name: str | None) -> str | None:
    """The number of a browser in which `name`, or anyone if None, signed in before with the present password.

    No query without a valid cookie.
    """
    try:
        key, number, fingerprint = _signer.unsign_object(request.COOKIES.get(COOKIE, ""), max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return None
    user = get_user_model().objects.filter(pk=key, is_active=True).first()
    if user is None or name not in (None, user.get_username()):
        return None
    fingerprints = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return number if any(constant_time_compare(fingerprint, now) for now in fingerprints) else None


def _remember(response, user) -> None:
    value = [user.pk, secrets.token_hex(16), user.get_session_auth_hash()]
    response.set_cookie(
        COOKIE, _signer.sign_object(value), max_age=COOKIE_SECONDS, path="/admin/", secure=settings.HTTPS,
        httponly=True, samesite="Lax",
    )  # fmt: skip


# --- the record ---


class SignInRecord(AxesDatabaseHandler):
    """What django-axes stores: name, network and time of sign-ins, and of failed ones of an existing account.

    A name without an account may be a password in the wrong field. Nobody is locked out: see the limits above.
    """

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        name = credentials.get("username")
        if get_user_model().objects.filter(username=name).exists():
            AccessFailureLog.objects.create(username=name, ip_address=anonymous_ids.recorded_network(request))

    def user_logged_in(self, sender, request, user, **kwargs):
        AccessLog.objects.create(username=user.get_username(), ip_address=anonymous_ids.recorded_network(request))

    def user_logged_out(self, sender, request, user, **kwargs):
        pass


class SlowRefusals:
    """WSGI wrapper: delays refused sign-ins by a second, so that programs that wait for the answer try less often.

    Eight threads are never used for this; if no other is free, the refusal is not delayed.
    """

    SECONDS = 1

    def __init__(self, application, threads: int):
        self._application, self._waiting = application, BoundedSemaphore(max(0, threads - 8))

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].startswith(LIMITED):
            return self._application(environ, start_response)
        found = []

        def note(status, headers, exc_info=None):
            found.append(status)
            return start_response(status, headers, exc_info)

        chunks = self._application(environ, note)
        if found[-1].startswith("429") and self._waiting.acquire(blocking=False):
            try:
                time.sleep(self.SECONDS)
            finally:
                self._waiting.release()
        return chunks
