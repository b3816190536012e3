"""A minute of typing in two tabs while the server is killed twice and the session ends."""

from functools import partial

from articles.tests.typist import end_session, kill, type_through
from publishing.tests.browser import launched, sign_in

from .site import PASSWORD, prepared
from .table import fault

# Of eight words each before each fault: about a minute with the faults.
ROUNDS = 5


@fault("typing while the server dies", short=False)
def typing(table, folder):
    site = prepared(folder, SIGN_INS_FROM_NETWORK="1000/minute", SIGN_INS_BY_NAME="1000/minute")
    with site.served(workers=1), launched() as browser:
        context = browser.new_context(base_url=site.url)
        sign_in(context.new_page(), "editor", PASSWORD)
        die, end = partial(kill, site), partial(end_session, site, "editor", PASSWORD)
        one, two, body = type_through([die, end, die], context, ROUNDS)
        for typist in (one, two):
            found = typist.found(body)
            table.promise(f"tab {typist.name}: no word is lost", set(found) == set(typist.typed), f"{len(found)} words")
            table.promise(f"tab {typist.name}: none is doubled or moved", found == typist.typed, f"{len(found)} words")
