"""Reporting a comment to the moderators."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from publishing.cache import pages
from publishing.groups import Group, in_group
from publishing.web import anonymous_ids, limits
from publishing.web.refusals import UNREADABLE, Refused, waiting_time, with_retry

from ..forms import check_write
from ..models import Comment, ReportReason
from ..moderation import reports
from ..reading.thread_pages import public_or_gone

# For one network.
REPORT_RATE = "10/10 minutes; 50/day"


class ReportForm(forms.Form):
    """The reason, one of a list: a typed one would have to be moderated too."""

    reason = forms.ChoiceField(
        choices=ReportReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose one of these reasons.")},
    )


@in_group(Group.COMMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, pk):
    """GET the comment with the reasons, POST one of them; 410 once the comment is hidden.

    A second report by the same reader or network gets the same answer and is not counted. Refusals keep the choice:
    422 without a valid reason, 403 from another site, 413, 429 and 503.
    """
    visible = Comment.objects.visible().on_published_articles().filter(erased_at=None)
    comment = public_or_gone(visible.select_related("article"), pk)
    if request.method == "POST":
        return _send(request, comment)
    pages.cacheable(request, f"link:{comment.article_id}", f"thread:{comment.article_id}")
    return _page(request, comment, ReportForm())


# In read-only maintenance the form comes back as it was sent.
report.handles_read_only = True


def _send(request, comment):
    try:
        form = ReportForm(request.POST)
    except UNREADABLE:
        return _page(request, comment, ReportForm(), 413, gettext("This was too long."))
    try:
        check_write(request)
        if not form.is_valid():
            return _page(request, comment, form, 422, form.errors["reason"][0])
        if wait := limits.seconds_to_wait(REPORT_RATE, "report", anonymous_ids.network(request)):
            sentence = gettext("Too many reports. Try again in %(time)s.") % {"time": waiting_time(wait)}
            raise Refused(sentence, 429, wait)
    except Refused as refusal:
        return with_retry(_page(request, comment, form, refusal.status, str(refusal)), refusal.seconds)
    reader = anonymous_ids.key_for_write(request)
    reports.report(comment, reader, form.cleaned_data["reason"], anonymous_ids.client_address(request))
    response = render(request, "comments/report_done.html", {"comment": comment})
    anonymous_ids.remember(response, reader)
    return response


def _page(request, comment, form, status=200, problem=""):
    context = {"comment": comment, "article": comment.article, "form": form, "problem": problem}
    return render(request, "comments/report.html", context, status=status)
