"""Shows what has failed: one execution as data, and that as a table, a picture, a page, a trace.

`timeline` is what is shown, `observer` fills it, `rows` says what of it matters. Each form is a
module that reads these and knows nothing of the others.
"""
