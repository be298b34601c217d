from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from buddying.models import Person, RoleGrant


@pytest.mark.django_db
def test_the_first_administrator_is_made_once() -> None:
    for _ in range(2):
        call_command("add_administrator", "olga@example.org", "Olga", stdout=StringIO())
    person = Person.objects.get(email="olga@example.org")
    assert person.is_administrator
    assert RoleGrant.objects.count() == 1


@pytest.mark.django_db
def test_a_closed_account_is_not_made_powerful() -> None:
    Person.objects.create_user("olga@example.org", "Olga", deactivated_at=timezone.now())
    with pytest.raises(CommandError, match="closed"):
        call_command("add_administrator", "olga@example.org", "Olga")
    assert not RoleGrant.objects.exists()


@pytest.mark.django_db
def test_a_mistyped_address_is_refused() -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("add_administrator", "olga", "Olga")
    assert not Person.objects.exists()
