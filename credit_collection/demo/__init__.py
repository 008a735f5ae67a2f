from . import agreements, collection_demo, disputes, promises
