"""The trimmed vendor contracts: true to the vendors', and no stricter than their own examples."""

import json
from pathlib import Path

import pytest

from sandbox.contracts import extract, whatsapp
from sandbox.contracts.twilio import create_problems

VENDORS = Path(__file__).parents[3] / "shared" / "contracts"
# Examples that Meta's own description does not cover, each for the reason given.
NOT_COVERED = {
    "Send Multi-Product Message": "a placeholder stands for its header type",
    "Send Order Details Message": "payments have no schema",
    "Send Order Status Message": "payments have no schema",
    "Send Reply to List Message": "its type is missing",
}


@pytest.mark.skipif(not VENDORS.is_dir(), reason="the vendors' whole descriptions are not here")
@pytest.mark.parametrize("name", extract.EXTRACTS)
def test_the_extracts_are_the_vendors(name: str) -> None:
    kept = json.loads((extract.HERE / name).read_text(encoding="utf-8"))

    assert kept == json.loads(json.dumps(extract.EXTRACTS[name](VENDORS)))


@pytest.mark.parametrize("licence", extract.LICENCES)
def test_the_vendors_licences_are_beside_them(licence: str) -> None:
    assert "Permission is hereby granted" in (extract.HERE / licence).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", whatsapp.examples(whatsapp.SEND))
def test_metas_own_examples_pass(name: str) -> None:
    found = whatsapp.send_problems(whatsapp.examples(whatsapp.SEND)[name])

    assert bool(found) == (name in NOT_COVERED), found


def test_twilios_form_values_are_typed_before_they_are_judged() -> None:
    form = {"To": ["+1"], "Body": ["x"], "SmartEncoded": ["true"], "ValidityPeriod": ["60"]}

    assert create_problems(form) == []
    assert create_problems({**form, "ValidityPeriod": ["soon"]}) != []
