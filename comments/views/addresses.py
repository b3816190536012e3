"""Where the links in mails to readers lead: to confirm an address, and to hear no more.

A GET changes nothing: programs that look at mails follow links too.
"""

from django.core import signing
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from publishing.cache import pages
from publishing.web import anonymous_ids, same_origin
from publishing.web.refusals import FOREIGN, SeeOther

from ..mail import notify


@same_origin.same_origin
@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """GET the button that confirms an address, POST it. A link that is forged or older than three days is 404."""
    address = notify.address_to_confirm(token)
    if address is None:
        return render(request, "comments/address_gone.html", status=404)
    if request.method == "POST" and request.is_same_origin:
        notify.confirm(address)
        return SeeOther(reverse("comments:confirm", args=[token]) + "#main")
    context = {
        "address": address,
        "problem": FOREIGN if request.method == "POST" else "",
        "is_elsewhere": anonymous_ids.known_key(request) != address.reader,
    }
    return render(request, "comments/address_confirm.html", context, status=403 if context["problem"] else 200)


@pages.personal
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    """GET the choice between one conversation and all, POST it; or, once all are ended, to start again. Forged links
    are 404.

    A POST needs neither cookie nor page of ours (RFC 8058): the reader's mail program sends it, and it ends all mails.
    Sending it again changes nothing and is no mistake.
    """
    try:
        about = notify.Subscription.from_token(token)
    except signing.BadSignature:
        return render(request, "comments/address_gone.html", {"is_stop": True}, status=404)
    done = ""
    if request.method == "POST":
        done = request.POST.get("what")
        if done == "conversation" and about.root_id:
            notify.stop_conversation(about)
        elif done == "again":
            notify.start_again(about)
        else:
            done = "everything"
            notify.stop_everything(about)
    context = {"done": done, "has_conversation": about.root_id is not None, "is_ended": about.ended.exists()}
    return render(request, "comments/address_stop.html", context)


# Nobody has to wait for the end of maintenance to be left alone, and mail programs try only once.
stop.works_in_maintenance = True
