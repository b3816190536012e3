"""What the form of an article asks every 15 seconds: who else has it open, and whether something was saved since."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, JsonResponse

from ..models import Article, Version
from ..versions import presence


class TabForm(forms.Form):
    tab = forms.RegexField(r"\A[\w-]{1,40}\Z")


def beat(request: HttpRequest, key: int, model_admin) -> JsonResponse:
    """200: names of `others` who have it open, in how many other `tabs` the same account has, the current `token`.

    400: `errors`. 404: the article is gone, or not one of theirs. Three queries beside session, user and permissions.
    """
    # A form that is only open is no work.
    request.session.do_not_roll()
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    shown = Version.objects.shown().filter(article=OuterRef("pk")).values("digest")[:1]
    found = Article.objects.editable_by(request.user).filter(pk=key).values_list(Subquery(shown)).first()
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
    return JsonResponse({"others": names, "tabs": tabs, "token": found[0]})
