"""What the form of an article asks every 15 seconds: who else has it open, what was saved since, and notes."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, JsonResponse

from ..models import Article, Version
from ..notes.listing import digest_of, listed
from ..versions import presence


class TabForm(forms.Form):
    tab = forms.RegexField(r"\A[\w-]{1,40}\Z")
    # Digest of the notes that the page shows.
    notes = forms.CharField(max_length=16, required=False)


def beat(request: HttpRequest, key: int, model_admin) -> JsonResponse:
    """200: names of `others` who have it open, in how many other `tabs` the same account has, the current `token`,
    and the `notes` on paragraphs with their `digest` if the page does not show them.

    400: `errors`. 404: the article is gone, or not one of theirs. Four queries beside session, user and permissions.
    """
    # A form that is only open is no work.
    request.session.do_not_roll()
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    shown = Version.objects.shown().filter(article=OuterRef("pk"))
    columns = [Subquery(shown.values(name)[:1]) for name in ("digest", "anchors")]
    found = Article.objects.editable_by(request.user).filter(pk=key).values_list(*columns).first()
    if found is None:
        return JsonResponse({"gone": True}, status=404)
    form = TabForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=400)
    try:
        with transaction.atomic():
            rows = presence.seen(key, request.user, form.cleaned_data["tab"])
    except IntegrityError:
        return JsonResponse({"gone": True}, status=404)
    users = {row.user for row in rows} - {request.user}
    names = sorted(user.get_full_name() or user.get_username() for user in users)
    tabs = sum(row.user == request.user for row in rows)
    answer = {"others": names, "tabs": tabs, "token": found[0]}
    notes = listed(key, found[1], request.user)
    digest = digest_of(notes)
    if digest != form.cleaned_data["notes"]:
        answer |= {"notes": notes, "digest": digest}
    return JsonResponse(answer)
