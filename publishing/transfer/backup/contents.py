"""What a backup has, besides the uploads, and what it leaves out."""

# Tables whose rows are secrets, or only for now: who is signed in, tries of passwords, keys for some days.
LEFT_OUT = [
    "django_session",
    *(f"axes_{name}" for name in ("accessattemptexpiration", "accessattempt", "accesslog", "accessfailurelog")),
    "publishing_visitorsalt",
    "comments_networkkey",
    "articles_presence",
]
# Files in VAR_DIR with what was accepted and is not in the database yet.
SPOOL_FILES = ["quizzes/attempts.spool*"]
