from django.urls import path

from . import passwords

app_name = "staff"
urlpatterns = [
    path("", passwords.forgotten, name="forgotten"),
    path("<uidb64>/<token>/", passwords.choose, name="password"),
]
