from . import test_decision_stops
from . import test_decision_tranches
from . import test_perimeter
