from . import answer, letters
