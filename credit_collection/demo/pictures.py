"""The demo company's logo and a signature, drawn here: no binary file to keep."""

import base64
import io

from PIL import Image, ImageDraw

SCALE = 4  # drawn larger, then reduced: smooth edges
NAVY = "#1f3a5f"
GORSE = "#e0a526"
INK = "#20306b"

# A hand that writes “H. Marchand”, as points of one stroke on a field of 300 × 110.
STROKES = (
    ((18, 20), (22, 52), (16, 88)),
    ((58, 12), (54, 48), (48, 90)),
    ((14, 56), (36, 50), (62, 48)),
    ((72, 86), (74, 88)),
    (
        *((86, 86), (96, 46), (104, 20), (108, 54), (112, 72), (122, 40), (132, 16), (134, 52), (138, 78)),
        *((150, 60), (158, 56), (150, 78), (160, 76), (166, 58), (170, 78), (174, 60), (184, 58), (188, 74)),
        *((200, 60), (192, 76), (206, 76), (214, 22), (208, 78), (218, 60), (224, 78), (234, 60), (242, 62)),
        *((236, 78), (248, 76), (254, 58), (258, 78), (264, 60), (276, 70), (288, 14), (280, 80), (296, 66)),
    ),
    ((70, 100), (150, 92), (230, 96), (292, 86)),
)


def draw_logo():
    """A wave under a roof, in PNG, base64."""
    size = 128 * SCALE
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, size - 1, size - 1), radius=22 * SCALE, fill=NAVY)
    pen.polygon(_scaled((24, 62), (64, 26), (104, 62), (104, 74), (64, 40), (24, 74)), fill="white")
    pen.rectangle((*_scaled((38, 72))[0], *_scaled((52, 102))[0]), fill="white")
    pen.rectangle((*_scaled((76, 72))[0], *_scaled((90, 102))[0]), fill="white")
    pen.ellipse((*_scaled((55, 66))[0], *_scaled((73, 84))[0]), fill=GORSE)
    return _as_base64(image, 128, 128)


def draw_signature():
    """A signature in blue ink, in PNG, base64."""
    image = Image.new("RGBA", (300 * SCALE, 110 * SCALE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    for stroke in STROKES:
        pen.line(_scaled(*_smooth(stroke)), fill=INK, width=round(2.2 * SCALE), joint="curve")
    return _as_base64(image, 300, 110)


def _smooth(points, steps=8):
    """Points of a Catmull-Rom curve through these."""
    padded = (points[0], *points, points[-1])
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps + 1):
            yield tuple(_curve(step / steps, *axis) for axis in zip(before, start, end, after, strict=True))


def _curve(t, before, start, end, after):
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )


def _scaled(*points):
    return [(x * SCALE, y * SCALE) for x, y in points]


def _as_base64(image, width, height):
    buffer = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue())
