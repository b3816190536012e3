from .import_site import Command as ImportSite


class Command(ImportSite):
    help = "Another name for import_site."
