"""A pseudonym says the same of one address for a month, and nothing to who lacks the secret."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.service.records.address import SECRETS, Addresses, network

NOVEMBER, DECEMBER = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


def test_it_is_the_same_in_every_process_and_another_next_month(tmp_path: Path) -> None:
    first = Addresses(tmp_path).pseudonym("203.0.113.7", NOVEMBER)
    assert first == Addresses(tmp_path).pseudonym("203.0.113.7", NOVEMBER)
    assert first.startswith("2026-11:")
    assert Addresses(tmp_path).pseudonym("203.0.113.7", DECEMBER).split(":")[1] != first.split(":")[1]


def test_another_installation_has_other_pseudonyms_unless_they_share_a_secret(tmp_path: Path) -> None:
    def told(name: str, secret: str = "") -> str:
        return Addresses(tmp_path / name, secret).pseudonym("203.0.113.7", NOVEMBER)

    assert told("a") != told("b")
    assert told("a", "同一个") == told("b", "同一个") != told("a")


def test_the_secrets_are_for_their_owner_only_and_go_in_time(tmp_path: Path) -> None:
    addresses = Addresses(tmp_path)
    before = addresses.pseudonym("203.0.113.7", NOVEMBER)
    assert (tmp_path / SECRETS).stat().st_mode & 0o777 == 0o600
    assert addresses.forget(NOVEMBER) == 0
    assert addresses.forget(datetime(2026, 12, 2, tzinfo=UTC)) == 1
    assert addresses.pseudonym("203.0.113.7", NOVEMBER) != before


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_what_one_customer_has_counts_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted
