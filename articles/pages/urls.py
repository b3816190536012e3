"""The addresses of pages. They stand behind all others: a slug is any word."""

from django.urls import path

from publishing.bases import addressed

from . import views

app_name = "pages"

urlpatterns = [
    path("preview/pages/<str:token>/", views.preview, name="preview"),
    path("<words:slug>/", views.page, name="page"),
]

addressed.register("page", "pages:page")
