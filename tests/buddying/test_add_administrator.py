from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from buddying.models import Person, RoleGrant


@pytest.mark.django_db
def test_the_first_administrator_is_made_once() -> None:
    for _ in range(2):
        call_command("add_administrator", "olga@example.org", "Olga", stdout=StringIO())
    person = Person.objects.get(email="olga@example.org")
    assert person.is_administrator
    assert RoleGrant.objects.count() == 1


@pytest.mark.django_db
def test_a_mistyped_address_is_refused() -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("add_administrator", "olga", "Olga")
    assert not Person.objects.exists()
