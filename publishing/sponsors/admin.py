from django.contrib import admin

from publishing.bases.admin import SingleRowAdmin

from .adsense import admin as adsense  # noqa: F401 - registers its class
from .house import admin as house  # noqa: F401 - registers its classes
from .models import AdsTxt
from .slots import admin as slots  # noqa: F401 - registers its class

admin.site.register(AdsTxt, SingleRowAdmin)
