"""The pages of quizzes for search engines."""

from publishing.bases.sitemaps import FrontSitemap, PublishableSitemap

from .models import Quiz

SITEMAPS = [FrontSitemap("quiz-pages", Quiz, "quizzes:list"), PublishableSitemap(Quiz, "quizzes:paper")]
