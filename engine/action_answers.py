"""Checks an action server's answer against Rasa's schema without checking the schema itself.

Rasa calls `jsonschema.validate`, which first validates the (constant) schema against its own
meta-schema: 30 ms of processor time for every call of an action, two thirds of a whole turn.
The check of the answer stays exactly as it was.
"""

from __future__ import annotations

from typing import Any, Dict

from jsonschema import ValidationError, validators
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validators.validator_for(_SCHEMA)(_SCHEMA)


def check_once() -> None:
    """Make every remote action of this process use the validator prepared above."""
    _VALIDATOR.check_schema(_SCHEMA)
    RemoteAction._validate_action_result = _validate_action_result  # noqa: SLF001


def _validate_action_result(_: RemoteAction, result: Dict[str, Any]) -> bool:
    error: ValidationError | None = best_match(_VALIDATOR.iter_errors(result))
    if error is not None:
        error.message += ". The action server's answer is not what Rasa's action API asks for."
        raise error
    return True
