from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from comments.models import Comment
from comments.privacy import erasure, writers
from publishing.web.anonymous_ids import KEY_PATTERN


class Command(BaseCommand):
    help = (
        "Erase the name and text of comments at the request of their writer. A published comment leaves a placeholder, "
        "so that its replies stay; a waiting one is removed. This cannot be undone."
    )

    def add_arguments(self, parser):
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--reader", metavar="KEY", help="everything by one reader, with their e-mail addresses")
        wanted.add_argument(
            "--email", metavar="ADDRESS", help="everything by the browsers that confirmed this e-mail address"
        )
        wanted.add_argument("--comment", metavar="ID", type=int, nargs="+", help="these comments only")

    def handle(self, *args, reader, email, comment, verbosity, **options):
        if comment:
            found = Comment.objects.in_bulk([number for number in comment if 0 < number < 2**63])
            if missing := [str(number) for number in comment if number not in found]:
                raise CommandError(f"There is no comment {', '.join(missing)}. Nothing was erased.")
            number = erasure.erase(found.values())
        elif email:
            number = self._erase_of(email)
        else:
            if not KEY_PATTERN.fullmatch(reader):
                raise CommandError("A reader's key has 32 hexadecimal digits. Nothing was erased.")
            number = erasure.erase_reader(reader)
        if verbosity:
            self.stdout.write(f"{number} erased")

    def _erase_of(self, email):
        """With everything else by the browsers in which the address was confirmed, and the address itself."""
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError("This is not an e-mail address. Nothing was erased.") from error
        search, total, left = writers.Search(email=email, same_browsers=True), 0, True
        while left:
            number, left, _ = writers.erase(search)
            total += number
        return total
