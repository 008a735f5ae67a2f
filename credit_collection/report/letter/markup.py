"""HTML of a letter template, reduced to paragraphs of styled words.

Only what a letter needs is understood; anything else loses its tag and keeps its text. Nothing is ever
fetched: images, style sheets and frames have no meaning here.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

SILENT = {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "textarea", "select"}
PARAGRAPHS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "tr", "section", "article"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CELLS = {"td", "th"}
SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s\x00-\x1f]+\Z", re.IGNORECASE)
MARK = re.compile(r"\[\[(items|payment)\]\]")  # where the tables and the means of payment go
SPACES = re.compile(r"[ \t\r\n\f]+")  # not the no-break spaces


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of words looks."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one style; ``\\n`` in the text is a forced line break."""

    text: str
    style: Style = Style()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of text, a list item when it has a bullet."""

    spans: tuple[Span, ...]
    bullet: str = ""
    level: int = 0  # depth of the list it is in
    heading: bool = False
    mark: str = ""  # "items" or "payment": what stands here instead of words

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(span.text for span in self.spans)


def paragraphs(html: str) -> list[Paragraph]:
    """The paragraphs of ``html``, in reading order; empty ones are left out."""
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    return reader.finish()


def plain_text(html: str) -> str:
    """The words of ``html``, one paragraph a line, bullets included."""
    return "\n".join(f"{part.bullet} {part.text}".strip() for part in paragraphs(html) if part.spans)


class _Reader(HTMLParser):
    """Walks through tags, possibly wrong ones, and gathers paragraphs."""

    STYLE_TAGS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self._done: list[Paragraph] = []
        self._spans: list[Span] = []
        self._open = {"bold": 0, "italic": 0, "underline": 0}
        self._links: list[str] = []
        self._lists: list[int | None] = []  # next number of an ordered list, None for bullets
        self._bullet = ""
        self._heading = False
        self._silent: list[str] = []

    def finish(self) -> list[Paragraph]:
        """Close what is still open and answer every paragraph."""
        self._flush()
        return self._done

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self._silent.append(tag)
        elif self._silent:
            return
        elif tag == "br":
            self._add("\n")
        elif tag in self.STYLE_TAGS:
            self._open[self.STYLE_TAGS[tag]] += 1
        elif tag == "a":
            self._links.append(safe_link(dict(attrs).get("href") or ""))
        elif tag in CELLS:
            self._add(" ")
        else:
            self._start_block(tag)

    def handle_startendtag(self, tag, attrs):
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self._silent:
            if tag in self._silent:
                del self._silent[self._silent.index(tag) :]
        elif tag in self.STYLE_TAGS:
            name = self.STYLE_TAGS[tag]
            self._open[name] = max(0, self._open[name] - 1)
        elif tag == "a":
            if self._links:
                self._links.pop()
        else:
            self._end_block(tag)

    def handle_data(self, data):
        if self._silent:
            return
        # Words and marks alternate, words first.
        for rank, part in enumerate(MARK.split(SPACES.sub(" ", data))):
            if rank % 2:
                self._flush()
                self._done.append(Paragraph((), mark=part))
            elif part:
                self._add(part)

    def _start_block(self, tag):
        if tag in {"ul", "ol"}:
            self._flush()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._flush()
            self._bullet = self._next_bullet()
        elif tag in PARAGRAPHS:
            # The paragraph an editor puts inside a list item is that item.
            if self._text().strip():
                self._flush()
            self._heading = tag in HEADINGS

    def _end_block(self, tag):
        if tag in {"ul", "ol"}:
            self._flush()
            if self._lists:
                self._lists.pop()
        elif tag == "li" or tag in PARAGRAPHS:
            self._flush()

    def _next_bullet(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return "•"
        self._lists[-1] += 1
        return f"{self._lists[-1] - 1}."

    def _text(self) -> str:
        return "".join(span.text for span in self._spans)

    def _add(self, text):
        if text == " " and not self._spans:
            return
        style = Style(
            bold=bool(self._open["bold"]),
            italic=bool(self._open["italic"]),
            underline=bool(self._open["underline"]),
            link=self._links[-1] if self._links else "",
        )
        self._spans.append(Span(text, style))

    def _flush(self):
        spans = _trimmed(self._spans)
        if spans:
            self._done.append(
                Paragraph(tuple(spans), bullet=self._bullet, level=len(self._lists), heading=self._heading)
            )
            self._bullet = ""
        self._spans = []
        self._heading = False


def safe_link(href: str) -> str:
    """The address if it is a web or mail address; a file or a script is no link."""
    return href.strip() if SAFE_LINK.match(href.strip()) else ""


def _trimmed(spans: list[Span]) -> list[Span]:
    """Spans without the spaces and line breaks around the paragraph, nor double spaces inside."""
    kept, before = [], "\n"
    for span in spans:
        text = span.text.lstrip(" ") if before in " \n" else span.text
        if text == "\n" and not kept:
            continue
        if text:
            kept.append(Span(text, span.style))
            before = text[-1]
    while kept and not kept[-1].text.rstrip(" \n"):
        kept.pop()
    if kept:
        kept[-1] = Span(kept[-1].text.rstrip(" \n"), kept[-1].style)
    return kept
