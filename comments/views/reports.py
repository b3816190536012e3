"""Reporting a comment to the moderators."""

from django import forms
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from articles.models import Article
from publishing.cache import pages
from publishing.web import anonymous_ids, limits, same_origin
from publishing.web.refusals import UNREADABLE, waiting_time, with_retry

from ..models import Comment, ReportReason
from ..moderation import reports
from ..reading.thread_pages import public_or_gone

# For one network. Who reads a thread and reports what is wrong with it does not meet these.
REPORT_RATE = "10/10 minutes; 50/day"


class ReportForm(forms.Form):
    """The reason of a report, one of a list: nothing typed, so nothing that a moderator would have to moderate."""

    reason = forms.ChoiceField(
        choices=ReportReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose one of these reasons."},
    )


@same_origin.same_origin
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, pk):
    """GET the comment with the reasons to choose from, POST one of them.

    A second report by the same reader or network gets the same thanks and counts for nothing. Refusals keep the
    choice: 410 once the comment was taken off the page, 422 without a reason that is on the list, 403 from another
    site, 429 with Retry-After, 503 during maintenance, 413 for what is too big to be read.
    """
    visible = Comment.objects.visible().filter(erased_at=None, article__in=Article.objects.published())
    comment = public_or_gone(visible.select_related("article"), pk)
    if request.method == "POST":
        return _take(request, comment)
    pages.cacheable(request, f"article:{comment.article_id}")
    return _page(request, comment, ReportForm())


# In read-only maintenance the form comes back as it was sent.
report.handles_read_only = True


def _take(request, comment):
    try:
        form = ReportForm(request.POST)
    except UNREADABLE:
        return _page(request, comment, ReportForm(), 413, "This was too long.")
    if not request.is_same_origin:
        return _page(request, comment, form, 403, "The report came from another site. Submit it from this page.")
    if request.maintenance.is_read_only:
        sentence = "You cannot report comments during maintenance. Try again after it."
        return _page(request, comment, form, 503, sentence, request.maintenance.retry_after)
    if not form.is_valid():
        return _page(request, comment, form, 422, form.errors["reason"][0])
    if wait := limits.seconds_to_wait(REPORT_RATE, "report", anonymous_ids.network(request)):
        sentence = f"Too many reports. Try again in {waiting_time(wait)}."
        return _page(request, comment, form, 429, sentence, wait)
    reader = anonymous_ids.key_for_write(request)
    reports.report(comment, reader, form.cleaned_data["reason"], anonymous_ids.client_address(request))
    response = render(request, "comments/report_done.html", {"comment": comment})
    anonymous_ids.remember(response, reader)
    return response


def _page(request, comment, form, status=200, problem="", retry_after=None):
    context = {"comment": comment, "article": comment.article, "form": form, "problem": problem}
    return with_retry(render(request, "comments/report.html", context, status=status), retry_after)
