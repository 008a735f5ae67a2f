from . import collection_decision, sale_commercial_gesture
