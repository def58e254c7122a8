# SPDX-License-Identifier: GPL-3.0-or-later
# mypy: ignore-errors
"""Tables of notebooks."""

import html


def _cell(value):
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return html.escape(str(value))


def table(head, rows):
    """An HTML table; the first cell of each row names it."""
    names = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    lines = (
        f"<tr><th>{_cell(name)}</th>{''.join(f'<td>{_cell(value)}</td>' for value in values)}</tr>" for name, *values in rows
    )
    top = f"<thead><tr>{names}</tr></thead>" if head else ""
    return f"<table>{top}<tbody>{''.join(lines)}</tbody></table>"


def facts(of):
    """A list of facts."""
    return f"<ul>{''.join(f'<li>{html.escape(k)}: {html.escape(str(v))}</li>' for k, v in of.items())}</ul>" if of else ""
