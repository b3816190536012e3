"""What editors and moderators do while others read, once a second: `python -m benchmarks.bench.inside.writer VERB`.

Prints a line when it is ready, writes once for each line of its input, and ends with it. `VERB`: "approve" or "draft".
"""

import sys
from itertools import cycle

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article  # noqa: E402
from comments.models import Status  # noqa: E402
from comments.moderation import decisions  # noqa: E402
from comments.tests.factories import import_comment  # noqa: E402

from .. import addresses  # noqa: E402

# Comments come where readers are: under the articles that are read most.
DISCUSSED = 10
COMMENTS = 60


def approve():
    """Approves comments that wait already."""
    moderator, _ = get_user_model().objects.get_or_create(username="moderator", is_staff=True, is_superuser=True)
    slugs = [addresses.slug(age) for age in range(DISCUSSED)]
    articles = list(Article.objects.filter(slug__in=slugs).newest_first())
    # The measured one first.
    articles.sort(key=lambda article: article.slug != addresses.MEASURED)
    turns = zip(range(COMMENTS), cycle(articles), strict=False)
    moment = timezone.now()
    waiting = [
        import_comment(article, "Ann", f"Line {number} at {moment}.", moment, Status.PENDING)
        for number, article in turns
    ]
    return lambda number: decisions.approve(waiting[number], moderator)


def draft():
    article = Article.objects.get(slug=addresses.DRAFT)

    def save(number):
        article.title = f"A draft, saved {number} times"
        article.save()

    return save


if __name__ == "__main__":
    do = {"approve": approve, "draft": draft}[sys.argv[1]]()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for number, _ in enumerate(sys.stdin):
        do(number)
        sys.stdout.write("done\n")
        sys.stdout.flush()
