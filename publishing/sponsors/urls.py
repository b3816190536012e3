from django.urls import path

from .house import views

app_name = "sponsors"

urlpatterns = [
    path("<int:key>/seen/", views.seen, name="seen"),
    path("<int:key>/clicked/", views.clicked, name="clicked"),
    path("reports/<str:token>/", views.report, name="report"),
]
