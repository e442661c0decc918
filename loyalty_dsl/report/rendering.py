"""Charts to static pictures, without a browser or a network.

Invariant: an SVG from here has no script, link or outside reference, its ids are its own on the page, and
its colours are the page's custom properties, so that it follows a dark background.
"""

import json
import re
from typing import Any

from loyalty_dsl.report.chart_parts import PALETTE

VEGA_LITE = "5.20"
_ID = re.compile(r'\bid="([^"]+)"')
_SIZE = re.compile(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"', re.DOTALL)
_FORBIDDEN = re.compile(r"<\s*(script|foreignObject|iframe|image|a)\b|\son\w+\s*=|javascript:", re.IGNORECASE)


def svg_of(spec: dict[str, Any], name: str) -> str:
    """One chart as an SVG element that fills the width it is given; the same for the same arguments.

    Args:
        spec: a Vega-Lite specification.
        name: goes before every id; unique on the page; letters, digits and hyphens.
    """
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=VEGA_LITE)
    for i, found in enumerate(dict.fromkeys(_ID.findall(svg))):  # the renderer counts on from chart to chart
        svg = svg.replace(f'id="{found}"', f'id="{name}-{i}"').replace(f"#{found})", f"#{name}-{i})")
    for role, colour in PALETTE.items():
        svg = svg.replace(f'"{colour}"', f'"var(--chart-{role})"')
    svg = _SIZE.sub(r"\1", svg, count=1)
    _verify_inert(svg)
    return svg


def _verify_inert(svg: str) -> None:
    tags = "".join(re.findall(r"<[^>]*>", svg))
    if _FORBIDDEN.search(tags):
        raise AssertionError("a chart with active content")  # the renderer escapes text: this cannot happen


def picture_of(spec: dict[str, Any]) -> str:
    """One chart as an SVG document of its own size on white; the same for the same argument."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(json.dumps(spec | {"background": "white"}), vl_version=VEGA_LITE)
    for i, found in enumerate(dict.fromkeys(_ID.findall(svg))):
        svg = svg.replace(f'id="{found}"', f'id="part-{i}"').replace(f"#{found})", f"#part-{i})")
    _verify_inert(svg)
    return svg + "\n"


def png_of(spec: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """One chart as a PNG on white."""
    import vl_convert

    whole = json.dumps(spec | {"background": "white"})
    png: bytes = vl_convert.vegalite_to_png(whole, vl_version=VEGA_LITE, scale=scale)
    return png
