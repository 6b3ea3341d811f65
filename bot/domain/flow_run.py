"""Where a run stands, and whether it may go on by another version of its flow."""

from zoneinfo import ZoneInfo

from bot.domain.flow import FlowRun, Plan


def stands(run: FlowRun, zone: ZoneInfo) -> str:
    """Where a run stands and why: `held: quiet hours until 2026-11-24 08:00`, by the parcel's clock."""
    why = run.note or "begun"
    if run.finished_at is not None or run.due_at is None:
        return why
    return f"{why} until {run.due_at.astimezone(zone):%Y-%m-%d %H:%M}"


def hinders_move(run: FlowRun, old: Plan, new: Plan) -> str:
    """Why a run cannot go on by another version, in words; empty when it can.

    A run is where it is by the number of its step, so all it has done has to be the same in both.
    The step at which it stands may differ in its length, not in its kind: a wait that has begun
    ends when it would have ended. Where the other version has no more steps, the run is over.
    """
    if old.steps[: run.step] != new.steps[: run.step]:
        return "what it has done is not in that version"
    variant = run.facts.get("variant")
    if variant and variant not in new.variants:
        return f"its variant {variant} is not in that version"
    stands = zip(
        old.steps[run.step : run.step + 1], new.steps[run.step : run.step + 1], strict=False
    )
    if any(type(before) is not type(after) for before, after in stands):
        return "the step at which it stands is another one in that version"
    return ""
