"""The month on one page: plots as SVG, no script, nothing to load."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from bot.domain.eta import Kept
from bot.domain.nps import Nps
from simulate.check import Findings

_BAR, _WIDTH = 24, 560
_COLOURS = {"whatsapp": "#2f9e58", "sms": "#8a63d2", "early": "#d9a441", "late": "#b0372d"}
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem;"
    "color:#1d2329;background:#fff}h2{margin-top:2.5rem}svg text{font:13px system-ui,sans-serif}"
    "table{border-collapse:collapse}td,th{padding:.3rem 1rem .3rem 0;text-align:left;border-bottom:"
    "1px solid #ddd}.bad{color:#9c1c14}.good{color:#0f6b4f}"
)


def page(
    title: str, facts: Mapping[str, object], found: Findings, kept: Sequence[Kept],
    scores: Sequence[Nps],
) -> str:  # fmt: skip
    """The whole page."""
    verdict = (
        "".join(f"<li class=bad>{escape(line)}</li>" for line in found.wrong)
        or "<li class=good>Everybody was told what they were owed, nobody twice, nobody at night, "
        "and every parcel stands where its latest event put it.</li>"
    )
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
        for name, value in facts.items()
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
        f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>"
        f"<h1>{escape(title)}</h1><table>{rows}</table><h2>What must hold</h2><ul>{verdict}</ul>"
        f"<h2>Messages by kind and channel</h2>{_messages(found.by_kind)}"
        f"<h2>Windows kept, by carrier</h2>{_windows(kept)}"
        f"<h2>Failed attempts, made and made up</h2>{_attempts(found)}"
        f"<h2>Scores by carrier</h2>{_scores(scores)}</html>"
    )


def _messages(by_kind: Counter[tuple[str, str]]) -> str:
    kinds: dict[str, dict[str, int]] = {}
    for (kind, channel), count in by_kind.items():
        kinds.setdefault(kind, {})[channel] = count
    ordered = sorted(kinds.items(), key=lambda item: -sum(item[1].values()))
    return _bars([(kind.removeprefix("flow_"), counts) for kind, counts in ordered])


def _windows(kept: Sequence[Kept]) -> str:
    rows = [
        (
            f"{one.carrier}, {one.by}: {one.share:.0%} ({one.low:.0%}–{one.high:.0%})",
            {"inside": one.inside, "early": one.early, "late": one.late},
        )
        for one in kept
    ]
    return _bars(rows)


def _bars(rows: Sequence[tuple[str, Mapping[str, int]]]) -> str:
    """Stacked bars, with their numbers."""
    if not rows:
        return "<p>Nothing.</p>"
    most = max(sum(counts.values()) for _, counts in rows)
    parts: list[str] = []
    for place, (name, counts) in enumerate(rows):
        x, y = 230.0, place * (_BAR + 8)
        parts.append(f"<text x=0 y={y + 17}>{escape(name)}</text>")
        for part, count in counts.items():
            width = _WIDTH * count / most
            colour = _COLOURS.get(part, "#0f6b4f")
            parts.append(
                f"<rect x={x:.1f} y={y} width={width:.1f} height={_BAR} fill='{colour}'>"
                f"<title>{escape(part)}: {count}</title></rect>"
            )
            x += width
        said = ", ".join(f"{count} {part}" for part, count in counts.items() if count)
        parts.append(f"<text x={x + 6:.1f} y={y + 17}>{escape(said)}</text>")
    height = len(rows) * (_BAR + 8)
    return f"<svg viewBox='0 0 1060 {height}' width=100% role=img>{''.join(parts)}</svg>"


def _attempts(found: Findings) -> str:
    head = "<tr><th>carrier<th>in truth<th>verdict<th>disputed<th>attempts</tr>"
    rows = "".join(
        f"<tr><td>{escape(carrier)}<td>{'made up' if fake else 'made'}<td>{escape(verdict)}"
        f"<td>{'yes' if disputed else 'no'}<td>{count}</tr>"
        for (carrier, fake, verdict, disputed), count in sorted(found.claims.items())
    )
    return f"<table>{head}{rows}</table>"


def _scores(scores: Sequence[Nps]) -> str:
    head = "<tr><th>carrier<th>NPS<th>±<th>answers<th>of</tr>"
    rows = "".join(
        f"<tr><td>{escape(one.name)}<td>{one.score:.0f}<td>{one.margin:.0f}<td>{one.answered}"
        f"<td>{one.asked}</tr>"
        for one in scores
    )
    return f"<table>{head}{rows}</table>"
