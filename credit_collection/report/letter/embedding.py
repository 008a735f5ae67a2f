"""TrueType fonts as letters embed them: with the usual characters always in, so that the work is done once.

ReportLab makes anew for each document the font file of the characters it uses, which takes longer than to lay a letter
out. With the same characters it is the same file for nearly all letters.
"""

import copy
import zlib
from functools import lru_cache

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace, TTFontFile

# Of nearly all French and English letters; a letter that has others has a font file of its own.
USUAL = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?'’()/-–%&°@+_\"«»•€£àâçéèêëîïôùûœÀÉÈÇ\u202f"
)


class LetterFont(TTFont):
    """A font that a document begins with its usual characters in the codes that they always have."""

    def __init__(self, name: str, source):
        super().__init__(name, source, asciiReadable=False)
        self.face.__class__ = _Face
        self._first_state: TTFont.State | None = None
        # The usual characters have the same codes in all documents, and letters repeat words.
        self.encode_usual = lru_cache(maxsize=8192)(self._encode_usual)

    def begin(self, document) -> TTFont.State:
        """What the document knows of the font."""
        state = self.state.get(document)
        if state is None:
            state = self.state[document] = self._make_state(document)
        return state

    def _encode_usual(self, text: str) -> bytes | None:
        """Codes of a text of usual characters, all in the first subset; None if it has others."""
        known = self._first_state.assignments
        codes = [known.get(ord(char), 256) for char in text.replace("\u00a0", " ")]
        return bytes(codes) if max(codes, default=0) < 256 else None

    def splitString(self, text, document, encoding="utf-8"):  # noqa: N802 (ReportLab's name)
        """Codes of a text, in stretches of one subset."""
        self.begin(document)
        return super().splitString(text, document, encoding)

    def getSubsetInternalName(self, subset, document):  # noqa: N802 (ReportLab's name)
        """Name of a subset in the document."""
        self.begin(document)
        return super().getSubsetInternalName(subset, document)

    def addObjects(self, document):  # noqa: N802 (ReportLab's name)
        """Embed the subsets used."""
        state = self.begin(document)
        result = super().addObjects(document)
        fonts = document.idToObject["BasicFonts"].dict
        for rank, subset in enumerate(state.subsets):
            fonts[f"{state.internalName}+{rank}"].Widths = _write_widths(self.face, tuple(subset))
        return result

    def _make_state(self, document):
        if self._first_state is None:
            usual = "".join(char for char in USUAL if ord(char) in self.face.charToGlyph)
            # Not our own splitString, which begins with this.
            TTFont.splitString(self, usual, document)
            self._first_state = self.state.pop(document)
        state = copy.copy(self._first_state)
        state.assignments = dict(state.assignments)
        state.subsets = [list(subset) for subset in state.subsets]
        return state


class _Face(TTFontFace):
    """A face whose font files are made and compressed once for each set of characters."""

    def makeSubset(self, subset):  # noqa: N802 (ReportLab's name)
        """The font file of these characters."""
        return _make_subset(self, tuple(subset))

    def addSubsetObjects(self, document, fontname, subset):  # noqa: N802 (ReportLab's name)
        """Embed the font file of these characters."""
        descriptor = super().addSubsetObjects(document, fontname, subset)
        if document.compression:
            document.idToObject[f"fontFile:{self.filename}({fontname})"].filters = [_CompressedOnce]
        return descriptor


@lru_cache(maxsize=64)
def _make_subset(face, subset):
    return TTFontFile.makeSubset(face, list(subset))


@lru_cache(maxsize=64)
def _write_widths(face, subset):
    """The array of the widths, as it stands in the file: ReportLab would write number after number each time."""
    return pdfdoc.PDFArray([face.getCharWidth(code) for code in subset]).format(None)


class _CompressedOnce:
    """ReportLab's filter of compression, for what many documents have."""

    pdfname = "FlateDecode"
    encode = staticmethod(lru_cache(maxsize=64)(zlib.compress))
