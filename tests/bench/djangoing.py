"""django-mailbox, by its documentation: run by the Python that has it.

python djangoing.py prepare DATABASE          makes the tables
python djangoing.py fetch DATABASE URI        takes every mail of a mailbox: get_new_mail
"""

import sys

import django
from django.conf import settings


def main(what: str, database: str, uri: str = "") -> None:
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django_mailbox"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MEDIA_ROOT=database + ".media",
        USE_TZ=True,
        SECRET_KEY="of a measurement",
    )
    django.setup()
    if what == "prepare":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        return
    from django_mailbox.models import Mailbox

    box = Mailbox.objects.create(name="mur", uri=uri)
    taken = sum(1 for _mail in box.get_new_mail())
    print(taken)


if __name__ == "__main__":
    main(*sys.argv[1:])
