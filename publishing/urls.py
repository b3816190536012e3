from django.contrib import admin
from django.urls import include, path, re_path

from articles.sitemaps import SITEMAPS
from quizzes.models import Quiz
from quizzes.sitemaps import QuizSitemap

from . import views
from .sponsors.views import ads_txt

urlpatterns = [
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("quizzes/", include("quizzes.urls")),
    path("admin/", admin.site.urls),
    path(
        "sitemap.xml",
        views.sitemap,
        {"sitemaps": {**SITEMAPS, "quizzes": QuizSitemap}, "next_publication": Quiz.next_publication},
        name="sitemap",
    ),
    path("robots.txt", views.robots, name="robots"),
    path("ads.txt", ads_txt, name="ads"),
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("csp-report", views.csp_report, name="csp-report"),
    re_path(r"^media/(?P<name>[0-9a-f]{32}\.[a-z]{3,4})$", views.media, name="media"),
]

handler400 = "publishing.views.bad_request"
handler403 = "publishing.views.forbidden"
handler500 = "publishing.views.server_error"
