"""The links in mails to readers: confirm an address, unsubscribe.

A GET changes nothing: programs that scan mails follow links too.
"""

from django.core import signing
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.web import anonymous_ids
from publishing.web.refusals import FOREIGN, SeeOther
from publishing.web.same_origin import is_same_origin

from ..mail import notify


@in_group(Group.COMMENTS)
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """GET the button, POST it. A link that is forged or older than three days is 404."""
    address = notify.address_to_confirm(token)
    if address is None:
        return render(request, "comments/address_gone.html", status=404)
    if request.method == "POST" and is_same_origin(request):
        notify.confirm(address)
        return SeeOther(reverse("comments:confirm", args=[token]) + "#main")
    context = {
        "address": address,
        "problem": FOREIGN if request.method == "POST" else "",
        "is_elsewhere": anonymous_ids.known_key(request) != address.reader,
    }
    return render(request, "comments/address_confirm.html", context, status=403 if context["problem"] else 200)


@in_group(Group.COMMENTS)
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    """GET the choice of one conversation or all, or of starting again, POST it. Forged links are 404.

    A mail program's POST (RFC 8058) has neither cookie nor origin and stops all mails. A second one changes nothing.
    """
    try:
        subscription = notify.Subscription.from_token(token)
    except signing.BadSignature:
        return render(request, "comments/address_gone.html", {"is_stop": True}, status=404)
    done = ""
    if request.method == "POST":
        done = request.POST.get("what")
        if done == "conversation" and subscription.root_id:
            subscription.stop_conversation()
        elif done == "again":
            subscription.ended.delete()
        else:
            done = "everything"
            subscription.stop_everything()
    context = {
        "done": done,
        "has_conversation": subscription.root_id is not None,
        "is_ended": subscription.ended.exists(),
    }
    return render(request, "comments/address_stop.html", context)


# Unsubscribing works during maintenance: mail programs try only once.
stop.works_in_maintenance = True
