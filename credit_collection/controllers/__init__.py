from . import answer, deposits, letters
