from . import violin as violin
