"""Roles of staff: groups and their permissions, set by `migrate`."""

_WRITE = [
    *(f"articles.{action}_article" for action in ("add", "change", "delete", "view")),
    *(f"articles.{action}_{upload}" for action in ("add", "view") for upload in ("image", "recording")),
    *(f"articles.{action}_byline" for action in ("add", "change", "delete", "view")),
    *(f"articles.view_{model}" for model in ("category", "tag", "author", "series")),
    *(f"quizzes.{action}_{model}" for action in ("add", "change", "view") for model in ("quiz", "question", "choice")),
    "quizzes.delete_choice",
    *(f"quizzes.view_{model}" for model in ("bankcategory", "questiontag")),
]
_EDIT = [
    *(f"{app}.*" for app in ("articles", "quizzes", "maintenance", "sponsors", "publishing")),
    *(f"comments.{codename}" for codename in ("view_comment", "answer_comment")),
    *(f"comments.change_{model}" for model in ("commentsettings", "thread")),
]
_MODERATE = ["comments.moderate_comment"]
_OWN = [
    *(f"auth.{codename}" for codename in ("add_user", "change_user", "view_user", "view_group")),
    *(f"axes.view_{model}" for model in ("accesslog", "accessfailurelog")),
    "django_tasks_database.view_dbtaskresult",
    "moving.move_site",
]
ROLES = {"Author": _WRITE, "Editor": _EDIT, "Moderator": _MODERATE, "Owner": [*_EDIT, *_MODERATE, *_OWN]}
