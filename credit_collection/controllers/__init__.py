from . import answer, deposits, forecast, interest, letters
