"""Templates: which is chosen, what is put into it, and what is wrong with a mapping."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import flows
from bot.dialogue.templates import drafts, shipped
from bot.dialogue.wording import LiquidWording
from bot.domain.errors import Invalid
from bot.domain.flow import Send
from bot.domain.ids import new_id
from bot.domain.read_flow import read_flow
from bot.domain.templates import Template, TemplateState, TemplateUse, choose, fill, read_mapping

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def template(
    language: str = "en", body: str = "Hello {{1}}, it comes {{2}}.", **more: Any
) -> Template:
    values: dict[str, Any] = {"category": "utility", "state": TemplateState.approved, **more}
    return Template(
        new_id(), new_id(), new_id(), "x", language, changed_at=NOW, body=body, **values
    )


@pytest.mark.parametrize(
    ("wanted", "known", "found"),
    [
        ("en", ["en_GB", "en"], "en"),
        ("en-GB", ["en", "en_GB"], "en_GB"),
        ("pt", ["pt_BR"], "pt_BR"),
        ("hi-Latn", ["hi"], "hi"),
        ("en", ["fr"], None),
        ("en", [], None),
    ],
)
def test_the_nearest_language_is_chosen(wanted: str, known: list[str], found: str | None) -> None:
    chosen = choose([template(language) for language in known], "x", wanted)
    assert (chosen.language if chosen else None) == found


@pytest.mark.parametrize("state", [s for s in TemplateState if s is not TemplateState.approved])
def test_only_what_is_approved_is_chosen(state: TemplateState) -> None:
    assert choose([template(state=state)], "x", "en") is None


def test_a_template_is_filled_and_reads_as_a_whole() -> None:
    use = fill(template(), ["Ada\nByron", " on  Friday "], 0)
    assert isinstance(use, TemplateUse)
    assert use.variables == (("1", "Ada Byron"), ("2", "on Friday"))
    assert use.text == "Hello Ada Byron, it comes on Friday."


@pytest.mark.parametrize(
    ("values", "options", "buttons", "why"),
    [
        (["Ada"], 0, [], "template x has 2 variables, 1 are mapped"),
        (["Ada", " "], 0, [], "template x: nothing to say for its variable 2"),
        (["Ada", "now"], 0, ["Yes"], "template x has more buttons than there are choices"),
    ],
)
def test_what_does_not_fit_is_said(
    values: list[str], options: int, buttons: list[str], why: str
) -> None:
    assert fill(template(buttons=buttons), values, options) == why


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "templates"),
        ({"a": 1}, "templates.a"),
        ({"a": {"template": "Not A Name"}}, "templates.a.template"),
        ({"a": {"template": "x", "variables": "y"}}, "templates.a.variables"),
        ({"a": {"template": "x", "variables": [1]}}, "templates.a.variables"),
    ],
)
def test_a_wrong_mapping_names_its_field(document: object, field: str) -> None:
    with pytest.raises(Invalid) as error:
        read_mapping(document)
    assert error.value.problems[0][0] == field


def test_a_second_template_is_read_and_named_where_it_is_wrong() -> None:
    first = {"template": "late", "variables": ["{{ a }}"]}
    [mapped] = read_mapping({"x": first | {"otherwise": {"template": "later"}}}).values()
    assert [way.name for way in mapped.ways] == ["late", "later"]
    with pytest.raises(Invalid) as error:
        read_mapping({"x": first | {"otherwise": {"template": "No Name"}}})
    assert error.value.problems[0][0] == "templates.x.otherwise.template"


def test_the_shipped_templates_keep_the_providers_rules() -> None:
    """A place is neither first nor last nor beside another; each has one text in the mapping."""
    by_name = {way.name: way for mapped in shipped().values() for way in mapped.ways}
    for draft in drafts():
        places = re.findall(r"\{\{(\d+)\}\}", draft.body)
        assert places == [str(n) for n in range(1, len(places) + 1)], draft
        assert len(places) == len(by_name[draft.name].variables) == len(draft.examples), draft
        assert not re.match(r"\{\{", draft.body), draft
        assert not re.search(r"\}\}\W*$", draft.body), draft
        assert not re.search(r"\}\}\s*\{\{", draft.body), draft


def test_the_shipped_templates_can_be_worded_in_every_language() -> None:
    wording = LiquidWording.shipped()
    window = {
        "start": "2026-11-26T14:00:00+00:00",
        "end": "2026-11-26T16:00:00+00:00",
        "tz": "Europe/Paris",
    }
    collect = {"place": "Gare de Lyon", "code": "4821", "until": "", "link": "", "hours": ""}
    parcel = {
        "item": "",
        "last4": "4170",
        "window": window,
        "tz": "Europe/Paris",
        "link": "https://doorstep.example/t/1",
        "at": NOW.isoformat(),
        "collect": collect,
    }
    for key, mapped in ((key, way) for key, first in shipped().items() for way in first.ways):
        for draft in drafts():
            if draft.name == mapped.name:
                told = {"merchant": "Maison Lune", "parcel": parcel}
                worded = [wording.put(v, told, draft.language, NOW) for v in mapped.variables]
                assert all(worded), (key, draft.language, worded)


def test_a_text_for_which_something_is_missing_is_empty() -> None:
    assert LiquidWording.shipped().put("{{ nobody.here | window }}", {}, "en", NOW) == ""


def test_what_the_shipped_flows_begin_with_can_be_said_outside_the_window() -> None:
    """A notice comes when it comes: mostly long after the customer has written last."""
    plans = [read_flow({k: v for k, v in flow.items() if k != "name"}) for flow in flows.shipped()]
    # Whoever has just given a score has written.
    plans = [plan for plan in plans if plan.trigger.kind != "score"]
    said = {step.say for plan in plans for step in plan.steps if isinstance(step, Send)}
    assert said | {"nps_question", "nps_reminder"} <= set(shipped())
