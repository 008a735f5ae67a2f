from . import collection_demo, promises
