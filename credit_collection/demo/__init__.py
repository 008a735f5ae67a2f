from . import agreements, collection_demo, promises
