"""What the seeded publication has, and under which addresses. Known before Django is."""

from datetime import UTC, datetime, timedelta

# The article that is measured has the address that the quiz names, so that both link to one another.
MEASURED = "the-smallest-framework-that-could-possibly-teach-you"
MEASURED_AGE = 2
CATEGORIES = ["Opinion", "Tools", "Practice", "Languages", "History"]
TAGS = 30
AUTHORS = 6
COMMENTS = 20
DRAFT = "a-draft"
# The same months for any number of articles.
NEWEST = datetime(2024, 12, 31, 12, tzinfo=UTC)
SPAN = timedelta(days=730)
MONTH = "/archive/2024/6/"
# In the summary of one article in a hundred, and of one alone; other words are in all of them.
COMMON_WORD, COMMON_EVERY = "zeppelin", 100
RARE_WORD = "quetzal"
PHRASE = "reader+database"
PAGE_SIZE = 12

ARTICLE = f"/articles/{MEASURED}/"
QUIZ = "/quizzes/routing-and-requests/"
FEED = "/feed.xml"
SITEMAP = "/sitemap.xml"


# Those that show numbers of articles, which a process reads again after each change of an article.
AFTER_A_CHANGE = ("home", "category, last page", "archive")


def slug(age: int) -> str:
    """Of the article that `age` others are newer than."""
    return MEASURED if age == MEASURED_AGE else f"article-{age}"


def last_page(articles: int) -> int:
    """The number of the last full page, so that as much is shown at any size."""
    return articles // PAGE_SIZE


def pages(articles: int) -> dict[str, str]:
    """The addresses of the pages whose cost is measured, by name."""
    category = f"/categories/{CATEGORIES[0].lower()}/"
    in_category = articles // len(CATEGORIES)
    return {
        "article": ARTICLE,
        "home": "/",
        "home, last page": f"/?page={last_page(articles - 1)}",
        "category": category,
        "category, last page": f"{category}?page={last_page(in_category)}",
        "tag": "/tags/topic-1/",
        "archive": "/archive/",
        "month": MONTH,
        "search, common word": f"/search/?q={COMMON_WORD}",
        "search, rare word": f"/search/?q={RARE_WORD}",
        "search, phrase": f"/search/?q={PHRASE}",
        "sitemap index": SITEMAP,
        "feed": FEED,
    }
